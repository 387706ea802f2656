import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { Cluster } from '../../local-postgres/cluster';
import { loadCollector } from '../alarms/deployed-collector';
import { MINUTE_A_SECOND } from '../alarms/pace';
import { type CrossTalk, crossTalkOf } from '../alarms/prove-phase';
import { readAlarms } from '../alarms/read-alarm';
import { SimulatedMonitoring, type StartCollector } from '../alarms/simulated-monitoring';
import type { OtherAlarm } from '../scenarios/scenario';

/** The servers that a database moves into. */
interface MovedInto {
  readonly assembly: EnvironmentAssembly;
  /** Migrated. */
  readonly cluster: Cluster;
  readonly database: string;
}

/** A second of the move is a minute for the alarms. The slot's was seen; those after it need a slower machine. */
const MAY_FIRE: readonly OtherAlarm[] = [
  { alert: 'PostgreSQLRestarted', why: 'the servers of a rehearsal started a short time ago' },
  {
    alert: 'PostgreSQLReplicationSlotInactive',
    why: 'the slot of the way back has no consumer until the target is open',
  },
  { alert: 'PostgreSQLHighQueryDuration', why: 'a table is copied in one transaction' },
  { alert: 'PostgreSQLSessionsBlocked', why: 'an index that is built holds back the stream' },
  { alert: 'PostgreSQLReplicationLag', why: 'the replicas apply the rows of a whole database at once' },
];

/**
 * Evaluates the deployed alarms on the deployed collector's values while something runs.
 * @returns its result, and the alarms that fired, each with the reason why it may
 */
export async function alarmsDuringMove<Result>(
  { assembly, cluster, database }: MovedInto,
  steps: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly crossTalk: CrossTalk[] }> {
  const { environment } = assembly;
  const { start } = await loadCollector(assembly, cluster, database);
  const alarms = readAlarms(assembly);
  const monitoring = new SimulatedMonitoring(alarms, unfailing(start), MINUTE_A_SECOND);
  // The first pass logs in everywhere and plans every query, which takes a second that is not the move's.
  await monitoring.step();
  let isOver = false;
  const watch = async () => {
    while (!isOver) await monitoring.step();
  };
  const [result] = await Promise.all([steps().finally(() => (isOver = true)), watch()]);
  const during = 'a database moves in';
  return { result, crossTalk: crossTalkOf({ environment, alarms }, monitoring, { during, mayFire: MAY_FIRE }) };
}

/** A pass whose sessions a cutover ends fails, and its metrics say so, as on AWS. */
function unfailing(start: StartCollector): StartCollector {
  return (cloudWatch, now) => {
    const collect = start(cloudWatch, now);
    return () => collect().catch(() => undefined);
  };
}
