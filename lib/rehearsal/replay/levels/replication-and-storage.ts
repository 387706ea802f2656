import { type Facts, type Levels, ofServer, own, rds } from '../level';

const contextOf = ({ context, server }: Facts) => context.servers.find(({ name }) => name === server)!;

/** Values of a server whose data take a share of the ceiling to which its volume may grow; the volume itself has a tenth free. */
const used = (facts: Facts, share: number) => {
  const bytes = share * contextOf(facts).storageCeilingBytes;
  const allocated = bytes / 0.9;
  return [ofServer(facts, 'rds_allocated_storage_bytes', allocated), rds(facts, 'FreeStorageSpace', allocated - bytes)];
};
/** Values of a server whose volume has a share free. */
const free = (facts: Facts, share: number) => {
  const allocated = 0.5 * contextOf(facts).storageCeilingBytes;
  return [ofServer(facts, 'rds_allocated_storage_bytes', allocated), rds(facts, 'FreeStorageSpace', share * allocated)];
};
const lag = (facts: Facts, seconds: number) => [ofServer(facts, 'replication_lag_lag_seconds', seconds)];

/** Replication and disk space. */
export const REPLICATION_AND_STORAGE_LEVELS: Levels = {
  PostgreSQLReplicationLag: (facts) => ({
    servers: 'replicas',
    severity: 'warning',
    fires: lag(facts, 63),
    staysOk: [lag(facts, 57)],
    minutes: 6,
    tooShort: 4,
  }),
  PostgreSQLReplicationLagCritical: (facts) => ({
    servers: 'replicas',
    severity: 'critical',
    fires: lag(facts, 300),
    staysOk: [lag(facts, 290)],
    minutes: 3,
    tooShort: 2,
  }),
  // RDS publishes -1 when replication has stopped.
  PostgreSQLReplicationStopped: (facts) => ({
    servers: 'replicas',
    severity: 'critical',
    fires: [rds(facts, 'ReplicaLag', -1)],
    staysOk: [[rds(facts, 'ReplicaLag', 0)], [rds(facts, 'ReplicaLag', 3600)]],
    minutes: 4,
    tooShort: 3,
  }),
  PostgreSQLReplicationSlotInactive: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_slots_inactive', 1)],
    staysOk: [[own(facts, 'pg_slots_inactive', 0)]],
    minutes: 6,
    tooShort: 4,
  }),
  PostgreSQLReplicationSlotWalHeld: (facts) => {
    const keep = contextOf(facts).slotWalKeepBytes;
    return {
      severity: 'warning',
      fires: [own(facts, 'pg_slots_retained_bytes', 0.53 * keep, 0)],
      staysOk: [[own(facts, 'pg_slots_retained_bytes', 0.47 * keep, 0)]],
      minutes: 6,
      tooShort: 4,
    };
  },
  PostgreSQLReplicaBroken: (facts) => ({
    severity: 'critical',
    fires: [own(facts, 'pg_replicas_connected', 0)],
    staysOk: [[own(facts, 'pg_replicas_connected', 1)]],
    minutes: 6,
    tooShort: 4,
  }),
  PostgreSQLDiskSpaceLow: (facts) => ({
    severity: 'warning',
    fires: used(facts, 0.82),
    staysOk: [used(facts, 0.78)],
    minutes: 10,
  }),
  PostgreSQLDiskSpaceCritical: (facts) => ({
    severity: 'critical',
    fires: used(facts, 0.91),
    staysOk: [used(facts, 0.89)],
    minutes: 10,
  }),
  PostgreSQLStorageNotGrowing: (facts) => ({
    severity: 'critical',
    fires: free(facts, 0.095),
    staysOk: [free(facts, 0.105)],
    minutes: 35,
    tooShort: 22,
  }),
  PostgreSQLWALFilesAccumulating: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_archiver_failed_total', 11)],
    staysOk: [[own(facts, 'pg_archiver_failed_total', 10)]],
    minutes: 0,
    every: 10,
  }),
  PostgreSQLRecoveryPointOld: (facts) => ({
    severity: 'critical',
    fires: [own(facts, 'rds_recovery_point_age_seconds', 930)],
    staysOk: [[own(facts, 'rds_recovery_point_age_seconds', 870)]],
    minutes: 10,
    every: 5,
  }),
};
