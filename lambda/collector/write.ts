import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../../lib/catalog/metric-sources';

/** Publishes the metrics; the SDK retries with backoff. */
export async function publish(cloudWatch: Pick<CloudWatchClient, 'send'>, data: MetricDatum[]): Promise<void> {
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData: data }));
}
