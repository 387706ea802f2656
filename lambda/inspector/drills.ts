import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeStateMachineCommand, type SFNClient, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import { DRILL_CADENCE } from '../../lib/contract/drill/cadence';
import { type InspectorMetric, METRIC_NAMESPACE } from '../../lib/contract/metrics';
import { DRILL_KINDS, type DrillKind, SUCCESS_METRICS } from '../../lib/contract/drill/kinds';
import { tell } from '../shared/errors';
import type { SeriesValues } from '../shared/metric-data';
import { isDailyHour } from './daily';

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
 * Since when drills can be due: since the creation of their state machine, or of the server, whichever came last. Without a state machine
 * since the creation of the server: it should be there.
 * @throws the SDK's error
 */
async function drillsSince(sfn: SFNClient, stateMachineArn: string, serverCreated: Date): Promise<Date> {
  try {
    const { creationDate } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    return creationDate && creationDate > serverCreated ? creationDate : serverCreated;
  } catch (error) {
    if (error instanceof StateMachineDoesNotExist) return serverCreated;
    throw error;
  }
}

/** Days by which each kind of drill is overdue; negative while it is in time. A kind that never succeeded counts from `began`. */
export function overdueDays(last: LastSuccesses, began: Date, now: Date): number[] {
  return DRILL_KINDS.map((kind) => {
    const since = last[kind] ?? began;
    return (now.getTime() - since.getTime()) / DAY_MS - DRILL_CADENCE[kind].overdueAfterDays;
  });
}

/** What is asked about the drills of an environment. */
interface DrillClients {
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly sfn: SFNClient;
}

/**
 * Reads by how many days drills are overdue, in one hour of each day.
 * @param stateMachineArn the drills' state machine
 * @param serverCreated when the primary was created, as RDS says
 * @returns the series; undefined in the other hours; a sentence when it cannot be known
 */
export async function overdueDrills(
  { cloudWatch, sfn }: DrillClients,
  environment: string,
  stateMachineArn: string,
  serverCreated: Date | undefined,
  now: Date,
): Promise<SeriesValues | string | undefined> {
  if (!isDailyHour(now)) return undefined;
  if (!serverCreated) return 'RDS does not give InstanceCreateTime of the primary, from which the first drills are due';
  try {
    const last = await readLastSuccesses(cloudWatch, environment, now);
    return {
      metric: 'drill_overdue_days' satisfies InspectorMetric,
      values: overdueDays(last, await drillsSince(sfn, stateMachineArn, serverCreated), now),
    };
  } catch (error) {
    return `restore drills: ${tell(error)}`;
  }
}
