import { type CloudWatchClient, type CloudWatchClientConfig, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../../lib/contract/metrics';
import { logger } from './logger';
import { isPublishable, metricData, requests, type SeriesValues } from './metric-data';

/** Client settings of a publisher: it stops retrying within seconds, because the next pass begins within a minute. */
export const PUBLISHER_CLIENT = {
  maxAttempts: 3,
  // Without the last one the SDK only warns, and waits on.
  requestHandler: { connectionTimeout: 1000, requestTimeout: 4000, throwOnRequestTimeout: true },
} as const satisfies CloudWatchClientConfig;

/**
 * Publishes series in their order; the last series is in the last request. Values that CloudWatch does not take are left out, and the log
 * names their metrics.
 * @throws the SDK's error, after its retries, when a request fails; the remaining requests are not sent
 */
export async function publish(
  cloudWatch: Pick<CloudWatchClient, 'send'>,
  series: readonly SeriesValues[],
  environment: string,
  timestamp: Date,
): Promise<void> {
  const refused = series.filter(({ values }) => !values.every(isPublishable)).map(({ metric }) => metric);
  if (refused.length > 0) logger.warn('values out of CloudWatch’s range were left out', { metrics: refused });
  const publishable = series.map((each) => ({ ...each, values: each.values.filter(isPublishable) }));
  for (const MetricData of requests(metricData(publishable, environment, timestamp))) {
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }));
  }
}
