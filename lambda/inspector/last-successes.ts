import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../../lib/contract/metrics';

const DAY_MS = 86_400_000;

/** When each kind last succeeded, to the hour; undefined when that is longer ago than was looked. */
export type LastSuccesses<Kind extends string> = Readonly<Record<Kind, Date | undefined>>;

/**
 * Asks CloudWatch, which keeps hourly values for 15 months, when each kind of work last published a success.
 * @param metrics the metric of each kind's successes
 * @param overdueAfterDays when each is overdue: it is looked back as far as the longest
 * @throws the SDK's error, or Error when the answer is not complete
 */
export async function readLastSuccesses<Kind extends string>(
  cloudWatch: Pick<CloudWatchClient, 'send'>,
  environment: string,
  metrics: Readonly<Record<Kind, string>>,
  overdueAfterDays: Readonly<Record<Kind, number>>,
  now: Date,
): Promise<LastSuccesses<Kind>> {
  const kinds = Object.keys(metrics) as Kind[];
  const days = Math.max(...Object.values<number>(overdueAfterDays));
  const { MetricDataResults = [] } = await (cloudWatch as CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - days * DAY_MS),
      EndTime: now,
      ScanBy: 'TimestampDescending',
      MetricDataQueries: kinds.map((kind) => ({
        Id: kind,
        MetricStat: {
          Metric: {
            Namespace: METRIC_NAMESPACE,
            MetricName: metrics[kind],
            Dimensions: [{ Name: 'Environment', Value: environment }],
          },
          Period: 3600,
          Stat: 'Sum',
        },
      })),
    }),
  );
  return Object.fromEntries(
    kinds.map((kind) => {
      const result = MetricDataResults.find(({ Id }) => Id === kind);
      if (result?.StatusCode !== 'Complete') {
        const found = result?.StatusCode ?? 'no answer';
        throw new Error(`CloudWatch does not say when ${kind} last succeeded (${found}; expected: Complete)`);
      }
      return [kind, result.Timestamps?.[0]];
    }),
  ) as LastSuccesses<Kind>;
}

/**
 * Days by which each kind is overdue; negative while it is in time.
 * @param since when a kind could be due for the first time: from then counts what never succeeded
 */
export function overdueDays<Kind extends string>(
  last: LastSuccesses<Kind>,
  since: (kind: Kind) => Date,
  overdueAfterDays: Readonly<Record<Kind, number>>,
  now: Date,
): number[] {
  return (Object.keys(last) as Kind[]).map(
    (kind) => (now.getTime() - (last[kind] ?? since(kind)).getTime()) / DAY_MS - overdueAfterDays[kind],
  );
}
