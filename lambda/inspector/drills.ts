import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeStateMachineCommand, type SFNClient, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import { DRILL_CADENCE } from '../../lib/contract/drill/cadence';
import type { InspectorMetric } from '../../lib/contract/metrics';
import { DRILL_KINDS, type DrillKind, SUCCESS_METRICS } from '../../lib/contract/drill/kinds';
import { tell } from '../shared/errors';
import type { SeriesValues } from '../shared/metric-data';
import { isDailyHour } from './daily';
import { overdueDays, readLastSuccesses } from './last-successes';

/** Days after the last success when each kind of drill counts as overdue. */
const OVERDUE_AFTER_DAYS = Object.fromEntries(
  DRILL_KINDS.map((kind) => [kind, DRILL_CADENCE[kind].overdueAfterDays]),
) as Readonly<Record<DrillKind, number>>;

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
    // Step Functions would not do: it deletes an execution after 90 days, and a quarter has 92.
    const last = await readLastSuccesses(cloudWatch, environment, SUCCESS_METRICS, OVERDUE_AFTER_DAYS, now);
    const since = await drillsSince(sfn, stateMachineArn, serverCreated);
    return {
      metric: 'drill_overdue_days' satisfies InspectorMetric,
      values: overdueDays(last, () => since, OVERDUE_AFTER_DAYS, now),
    };
  } catch (error) {
    return `restore drills: ${tell(error)}`;
  }
}
