import { type CloudWatchClient, type CloudWatchClientConfig, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../../lib/contract/metrics';
import { metricData, requests, type SeriesValues } from './metric-data';

/** How the client of a publisher retries: within seconds, because the next pass is due within a minute. */
export const PUBLISHER_CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 4000 },
} as const satisfies CloudWatchClientConfig;

/**
 * Publishes series, the last of them in the last request.
 * @throws the SDK's error, after its retries, when a request is refused; later requests are not sent then
 */
export async function publish(
  cloudWatch: Pick<CloudWatchClient, 'send'>,
  series: readonly SeriesValues[],
  environment: string,
  timestamp: Date,
): Promise<void> {
  for (const MetricData of requests(metricData(series, environment, timestamp))) {
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }));
  }
}
