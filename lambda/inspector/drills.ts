import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DRILL_CADENCE } from '../../lib/contract/drill-cadence';
import { type InspectorMetric, METRIC_NAMESPACE } from '../../lib/contract/metrics';
import { DRILL_KINDS, type DrillKind, SUCCESS_METRICS } from '../../lib/contract/drill';
import type { SeriesValues } from '../shared/metric-data';

/** Hour of the day, UTC, in which drill_overdue_days is published. */
const DRILLS_HOUR = 7;

const DAY_MS = 86_400_000;
/** How far back successes are read. */
const LONGEST_DAYS = Math.max(...DRILL_KINDS.map((kind) => DRILL_CADENCE[kind].overdueAfterDays));

/** When a drill of each kind last succeeded, to the hour; undefined when that is longer ago than LONGEST_DAYS. */
export type LastSuccesses = Readonly<Record<DrillKind, Date | undefined>>;

/**
 * Asks CloudWatch, which keeps hourly values for 15 months. Step Functions would not do: it deletes an execution after 90 days, and a
 * quarter has 92.
 * @throws the SDK's error, or Error when the answer is not complete
 */
export async function readLastSuccesses(
  cloudWatch: Pick<CloudWatchClient, 'send'>,
  environment: string,
  now: Date,
): Promise<LastSuccesses> {
  const { MetricDataResults = [] } = await (cloudWatch as CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - LONGEST_DAYS * DAY_MS),
      EndTime: now,
      ScanBy: 'TimestampDescending',
      MetricDataQueries: DRILL_KINDS.map((kind) => ({
        Id: kind,
        MetricStat: {
          Metric: {
            Namespace: METRIC_NAMESPACE,
            MetricName: SUCCESS_METRICS[kind],
            Dimensions: [{ Name: 'Environment', Value: environment }],
          },
          Period: 3600,
          Stat: 'Sum',
        },
      })),
    }),
  );
  return Object.fromEntries(
    DRILL_KINDS.map((kind) => {
      const result = MetricDataResults.find(({ Id }) => Id === kind);
      if (result?.StatusCode !== 'Complete') {
        const found = result?.StatusCode ?? 'no answer';
        throw new Error(`CloudWatch does not say when the drill ${kind} last succeeded (${found}; expected: Complete)`);
      }
      return [kind, result.Timestamps?.[0]];
    }),
  ) as LastSuccesses;
}

/**
 * Days by which each kind of drill is overdue; negative while it is in time. A kind that never succeeded counts from the creation of
 * the server.
 */
export function overdueDays(last: LastSuccesses, serverCreated: Date, now: Date): number[] {
  return DRILL_KINDS.map((kind) => {
    const since = last[kind] ?? serverCreated;
    return (now.getTime() - since.getTime()) / DAY_MS - DRILL_CADENCE[kind].overdueAfterDays;
  });
}

/**
 * Reads by how many days drills are overdue, in one hour of each day: CloudWatch charges a metric for each hour in which it is sent,
 * and drills become overdue by the day.
 * @returns the series; undefined in the other hours; a sentence when it cannot be known
 */
export async function overdueDrills(
  cloudWatch: Pick<CloudWatchClient, 'send'>,
  environment: string,
  serverCreated: Date | undefined,
  now: Date,
): Promise<SeriesValues | string | undefined> {
  if (now.getUTCHours() !== DRILLS_HOUR) return undefined;
  if (!serverCreated) return 'RDS does not give InstanceCreateTime of the primary, from which the first drills are due';
  try {
    const last = await readLastSuccesses(cloudWatch, environment, now);
    return {
      metric: 'drill_overdue_days' satisfies InspectorMetric,
      values: overdueDays(last, serverCreated, now),
    };
  } catch (error) {
    return `restore drills: ${error instanceof Error ? error.message : String(error)}`;
  }
}
