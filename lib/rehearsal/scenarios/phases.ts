import type { Cluster } from '../../local-postgres/cluster';
import type { Phase } from '../alarms/prove';
import { APPLICATION_SCENARIOS, SILENT_SALON } from './application';
import { replicaDelayed, replicaPaused, replicasKilled } from './replication';
import {
  COLLECTOR_STOPPED,
  CONNECTIONS,
  LONG_TRANSACTION,
  PRIMARY_KILLED,
  REFUSED_LOGINS,
  SERVER_SCENARIOS,
} from './server';
import { HOURLY, MINUTE_A_SECOND, QUICK } from '../alarms/watch';

/** The faults of a rehearsal in their order: what harms the most comes last. */
export function phases({ replicas }: Pick<Cluster, 'replicas'>): Phase[] {
  const [delayed, paused = delayed] = replicas;
  return [
    {
      name: 'rows of salons, locks, settings, indexes',
      pace: QUICK,
      scenarios: [...APPLICATION_SCENARIOS, ...SERVER_SCENARIOS, REFUSED_LOGINS],
    },
    { name: 'a silent salon', pace: HOURLY, scenarios: [SILENT_SALON] },
    { name: 'sessions', pace: QUICK, scenarios: [CONNECTIONS] },
    {
      name: 'a long transaction and lag',
      pace: MINUTE_A_SECOND,
      scenarios: [LONG_TRANSACTION, ...(delayed ? [replicaDelayed(delayed)] : [])],
    },
    ...(paused
      ? [{ name: 'a replica that stands still', pace: MINUTE_A_SECOND, scenarios: [replicaPaused(paused)] }]
      : []),
    { name: 'a dead collector', pace: QUICK, scenarios: [COLLECTOR_STOPPED] },
    ...(replicas.length > 0 ? [{ name: 'dead replicas', pace: QUICK, scenarios: [replicasKilled(replicas)] }] : []),
    { name: 'a dead primary', pace: QUICK, scenarios: [PRIMARY_KILLED] },
  ];
}
