import { border, type Facts, type Level, type Levels, ofServer, own, rds, serverOf } from '../level';

/** Values of a server whose data take a share of the ceiling to which its volume may grow; the volume itself has a tenth free. */
const used = (facts: Facts, share: number) => {
  const bytes = share * serverOf(facts).storageCeilingBytes;
  const allocated = bytes / 0.9;
  return [ofServer(facts, 'rds_allocated_storage_bytes', allocated), rds(facts, 'FreeStorageSpace', allocated - bytes)];
};
/** Values of a server whose volume has a share free. */
const free = (facts: Facts, share: number) => {
  const allocated = 0.5 * serverOf(facts).storageCeilingBytes;
  return [ofServer(facts, 'rds_allocated_storage_bytes', allocated), rds(facts, 'FreeStorageSpace', share * allocated)];
};
const ofReplicas =
  (level: (facts: Facts) => Level) =>
  (facts: Facts): Level => ({ ...level(facts), servers: 'replicas' });
const warning = { severity: 'warning', minutes: 6 } as const;

/** Replication and disk space. */
export const REPLICATION_AND_STORAGE_LEVELS: Levels = {
  PostgreSQLReplicationLag: ofReplicas(border(ofServer, 'replication_lag_lag_seconds', { fires: 63, ok: 57 }, warning)),
  PostgreSQLReplicationLagCritical: ofReplicas(
    border(ofServer, 'replication_lag_lag_seconds', { fires: 300, ok: 290 }, { severity: 'critical', minutes: 3 }),
  ),
  // RDS publishes -1 when replication has stopped.
  PostgreSQLReplicationStopped: ofReplicas((facts) => ({
    severity: 'critical',
    fires: [rds(facts, 'ReplicaLag', -1)],
    staysOk: [[rds(facts, 'ReplicaLag', 0)], [rds(facts, 'ReplicaLag', 3600)]],
    minutes: 4,
    tooShort: 3,
  })),
  PostgreSQLReplicationSlotInactive: border(own, 'pg_slots_inactive', { fires: 1, ok: 0 }, warning),
  PostgreSQLReplicationSlotWalHeld: (facts) => {
    const keep = serverOf(facts).slotWalKeepBytes;
    return border(own, 'pg_slots_retained_bytes', { fires: [0.53 * keep, 0], ok: [0.47 * keep, 0] }, warning)(facts);
  },
  PostgreSQLSubscriptionBehind: border(own, 'pg_subscription_behind_seconds', { fires: 315, ok: 285 }, warning),
  PostgreSQLSubscriptionErrors: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_subscription_errors_total', 4)],
    staysOk: [[own(facts, 'pg_subscription_errors_total', 3)]],
    minutes: 0,
    every: 10,
  }),
  PostgreSQLReplicaBroken: border(
    own,
    'pg_replicas_connected',
    { fires: 0, ok: 1 },
    { severity: 'critical', minutes: 6 },
  ),
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
