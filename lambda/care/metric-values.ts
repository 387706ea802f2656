import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../../lib/contract/metrics';
import { allPages } from './pages';

/** A series and how its values are put together. */
export interface WantedSeries {
  /** Default: METRIC_NAMESPACE. */
  readonly namespace?: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum';
}

/** One value of a series; `at` is the beginning of its period. */
export interface MetricValue {
  readonly at: Date;
  readonly value: number;
}

/**
 * Values of series, in their order; the values of each by time.
 * @param periodSeconds of each value. CloudWatch keeps values of an hour for 15 months, of a minute for 15 days (CloudWatch User Guide, "Metrics
 * retention")
 * @throws the SDK's error, or Error where CloudWatch gives no complete answer
 */
export async function metricValues(
  client: CloudWatchClient,
  wanted: readonly WantedSeries[],
  { from, to, periodSeconds }: { readonly from: Date; readonly to: Date; readonly periodSeconds: number },
): Promise<MetricValue[][]> {
  const values = new Map<string, MetricValue[]>(wanted.map((_, index) => [`s${index}`, []]));
  const input: GetMetricDataCommandInput = {
    StartTime: from,
    EndTime: to,
    ScanBy: 'TimestampAscending',
    MetricDataQueries: wanted.map(({ namespace = METRIC_NAMESPACE, metric, dimensions, statistic }, index) => ({
      Id: `s${index}`,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: metric,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: periodSeconds,
        Stat: statistic,
      },
    })),
  };
  const pages = await allPages((NextToken) => client.send(new GetMetricDataCommand({ ...input, NextToken })));
  const complete = new Set<string>();
  for (const { MetricDataResults = [] } of pages) {
    for (const { Id = '', StatusCode, Timestamps = [], Values = [] } of MetricDataResults) {
      values.get(Id)?.push(...Timestamps.map((at, index) => ({ at, value: Values[index] ?? NaN })));
      if (StatusCode === 'Complete') complete.add(Id);
    }
  }
  const missing = wanted.filter((_, index) => !complete.has(`s${index}`)).map(({ metric }) => metric);
  if (missing.length > 0) {
    throw new Error(`CloudWatch gives no complete answer about ${[...new Set(missing)].join(', ')}`);
  }
  return [...values.values()];
}
