import type { Cluster } from '../../local-postgres/cluster';
import { MINUTE_A_SECOND, QUICK } from '../alarms/pace';
import { APPLICATION_SCENARIOS } from './application';
import { DAMAGED_PAGE, PROCESS_KILLED } from './damage';
import { replicaDelayed, replicaPaused, replicasKilled } from './replication';
import type { FaultPhase, OtherAlarm } from './scenario';
import {
  COLLECTOR_STOPPED,
  CONNECTIONS,
  LONG_TRANSACTION,
  MASTER_LOGIN,
  PRIMARY_KILLED,
  REFUSED_LOGINS,
  SERVER_SCENARIOS,
} from './server';

/** What the rehearsal itself does. */
const MAY_FIRE: readonly OtherAlarm[] = [
  { alert: 'PostgreSQLRestarted', why: 'the servers of a rehearsal started a short time ago' },
  { alert: 'PostgreSQLMasterLogin', why: 'the rehearsal logs in as the master user' },
];

/** The phases of a rehearsal in their order: the most harmful faults come last. Without replicas their faults are left out. */
export function faultPhases({ replicas }: Pick<Cluster, 'replicas'>): FaultPhase[] {
  const [delayed, paused = delayed] = replicas;
  const phases: Omit<FaultPhase, 'mayFire'>[] = [
    {
      name: 'salons, locks, settings, indexes and log-ins',
      pace: QUICK,
      scenarios: [...APPLICATION_SCENARIOS, ...SERVER_SCENARIOS, DAMAGED_PAGE, REFUSED_LOGINS, MASTER_LOGIN],
    },
    { name: 'connections', pace: QUICK, scenarios: [CONNECTIONS] },
    {
      name: 'a long transaction and replication lag',
      pace: MINUTE_A_SECOND,
      scenarios: [LONG_TRANSACTION, ...(delayed ? [replicaDelayed(delayed)] : [])],
    },
    ...(paused
      ? [{ name: 'a replica that applies no changes', pace: MINUTE_A_SECOND, scenarios: [replicaPaused(paused)] }]
      : []),
    { name: 'a stopped collector', pace: QUICK, scenarios: [COLLECTOR_STOPPED] },
    { name: 'a crash', pace: MINUTE_A_SECOND, scenarios: [PROCESS_KILLED] },
    ...(replicas.length > 0 ? [{ name: 'killed replicas', pace: QUICK, scenarios: [replicasKilled(replicas)] }] : []),
    { name: 'a killed primary', pace: QUICK, scenarios: [PRIMARY_KILLED] },
  ];
  return phases.map((phase) => ({ ...phase, mayFire: MAY_FIRE }));
}
