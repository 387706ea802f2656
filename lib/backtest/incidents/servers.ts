import { constant, type Incident, missing, once } from './incident';

const GIB = 2 ** 30;
const HOURS = 60;
/** Everything that the collector publishes of one server. */
const OF_SERVER = [
  'pg_connections_used',
  'pg_transactions_longest_seconds',
  'pg_cache_hits',
  'pg_cache_reads',
  'replication_lag_lag_seconds',
] as const;

/** Incidents of servers, sessions and replication. Each begins on a Tuesday at noon. */
export const SERVER_INCIDENTS: readonly Incident[] = [
  {
    name: 'the primary is down',
    minutes: 20,
    fires: ['PostgreSQLDown-primary'],
    pages: true,
    values: [
      constant('pg_up', 0, { server: 'primary' }),
      ...OF_SERVER.map((metric) => missing(metric, { server: 'primary' })),
    ],
  },
  {
    name: 'the primary restarts within seconds',
    minutes: 1,
    fires: [],
    pages: false,
    values: [constant('pg_up', 0, { server: 'primary' })],
  },
  {
    name: 'a replica is down',
    minutes: 30,
    fires: ['PostgreSQLDown-replica-1', 'PostgreSQLReplicationSlotInactive', 'PostgreSQLReplicationStopped-replica-1'],
    pages: true,
    values: [
      constant('pg_up', 0, { server: 'replica-1' }),
      ...OF_SERVER.map((metric) => missing(metric, { server: 'replica-1' })),
      constant('pg_replicas_connected', 1),
      constant('pg_slots_inactive', 1),
      constant('ReplicaLag', -1, { server: 'replica-1' }),
    ],
  },
  {
    name: 'both replicas lose their stream',
    minutes: 30,
    fires: ['PostgreSQLReplicaBroken', 'PostgreSQLReplicationSlotInactive', 'PostgreSQLReplicationStopped-replica-2'],
    mayFire: ['PostgreSQLReplicationStopped-replica-1', 'PostgreSQLReplicationLag', 'PostgreSQLReplicationLagCritical'],
    pages: true,
    values: [
      constant('pg_replicas_connected', 0),
      constant('pg_slots_inactive', 2),
      constant('ReplicaLag', -1),
      { metric: 'replication_lag_lag_seconds', value: (since) => since * 60 },
    ],
  },
  {
    name: 'a replica is 200 seconds behind',
    minutes: 30,
    fires: ['PostgreSQLReplicationLag-replica-1'],
    pages: false,
    values: [constant('replication_lag_lag_seconds', 200, { server: 'replica-1' })],
  },
  {
    name: 'the lag of a replica swings between 250 and 350 seconds',
    minutes: 30,
    fires: ['PostgreSQLReplicationLag-replica-1'],
    pages: false,
    values: [
      { metric: 'replication_lag_lag_seconds', server: 'replica-1', value: (since) => (since % 2 === 0 ? 250 : 350) },
    ],
  },
  {
    name: 'a replica stays exactly 300 seconds behind',
    minutes: 30,
    fires: ['PostgreSQLReplicationLag-replica-1', 'PostgreSQLReplicationLagCritical-replica-1'],
    pages: true,
    values: [constant('replication_lag_lag_seconds', 300, { server: 'replica-1' })],
  },
  {
    name: 'a replication slot keeps 12 GiB of WAL',
    minutes: HOURS,
    fires: ['PostgreSQLReplicationSlotWalHeld'],
    pages: false,
    values: [constant('pg_slots_retained_bytes', 12 * GIB)],
  },
  {
    name: 'an application leaks a connection each three minutes',
    minutes: 10 * HOURS,
    fires: ['PostgreSQLTooManyConnections-primary'],
    pages: false,
    values: [
      { metric: 'pg_connections_used', server: 'primary', value: (since, normal) => Math.min(198, normal + since / 3) },
    ],
  },
  {
    name: 'eighty sessions stay idle in a transaction',
    minutes: 30,
    fires: ['PostgreSQLConnectionPoolExhausted'],
    pages: false,
    values: [constant('pg_connections_idle_in_transaction', 80)],
  },
  {
    name: 'a transaction stays open until the server ends it after ten minutes',
    minutes: 10,
    fires: ['PostgreSQLHighQueryDuration-primary'],
    pages: false,
    values: [{ metric: 'pg_transactions_longest_seconds', server: 'primary', value: (since) => since * 60 }],
  },
  {
    name: 'two transactions deadlock',
    minutes: 1,
    fires: ['PostgreSQLDeadlocks'],
    pages: false,
    values: [once('pg_deadlocks_total', 1)],
  },
  {
    name: 'the shared buffers of the primary are too small',
    minutes: HOURS,
    fires: ['PostgreSQLCacheHitRatioLow-primary'],
    pages: false,
    values: [
      { metric: 'pg_cache_reads', server: 'primary', value: () => 2e6 },
      { metric: 'pg_cache_hits', server: 'primary', value: () => 6e6 },
    ],
  },
  {
    name: 'a table is bloated',
    minutes: 2 * HOURS,
    fires: ['PostgreSQLTableBloat'],
    pages: false,
    values: [constant('table_bloat_dead_ratio', 0.3)],
  },
  {
    name: 'an index build leaves an invalid index',
    minutes: 3 * HOURS,
    fires: ['PostgreSQLInvalidIndex'],
    pages: false,
    values: [constant('pg_indexes_invalid', 1)],
  },
  {
    name: 'a sequence is used to 80 %',
    minutes: 3 * HOURS,
    fires: ['PostgreSQLSequenceExhaustion'],
    pages: false,
    values: [constant('pg_sequences_used_ratio', 0.8)],
  },
  {
    name: 'autovacuum freezes nothing any more',
    minutes: 2 * HOURS,
    fires: ['PostgreSQLTransactionIdsHigh-primary'],
    pages: false,
    values: [constant('MaximumUsedTransactionIDs', 600e6)],
  },
  {
    name: 'transaction ids run out',
    minutes: 2 * HOURS,
    fires: ['PostgreSQLTransactionIdsHigh-primary', 'PostgreSQLTransactionIdWraparound-primary'],
    pages: true,
    values: [constant('MaximumUsedTransactionIDs', 1.2e9)],
  },
  {
    name: 'the CPU of the primary is busy',
    minutes: HOURS,
    fires: ['PostgreSQLCpuHigh-primary'],
    pages: false,
    values: [constant('CPUUtilization', 97, { server: 'primary' })],
  },
  {
    name: 'twice as many sessions are active as the primary has CPUs',
    minutes: HOURS,
    fires: ['PostgreSQLDbLoadHigh-primary'],
    pages: false,
    values: [constant('DBLoad', 8, { server: 'primary' })],
  },
  {
    name: 'the throughput credits of a replica run out',
    minutes: HOURS,
    fires: ['PostgreSQLEbsByteBalanceLow-replica-2'],
    pages: false,
    values: [constant('EBSByteBalance%', 3, { server: 'replica-2' })],
  },
  {
    name: 'the IOPS credits of the primary run out',
    minutes: HOURS,
    fires: ['PostgreSQLEbsIoBalanceLow-primary'],
    pages: false,
    values: [constant('EBSIOBalance%', 3, { server: 'primary' })],
  },
  {
    name: 'the application pins most connections of the proxy',
    minutes: HOURS,
    fires: ['PostgreSQLProxyPinning'],
    pages: false,
    values: [constant('DatabaseConnectionsCurrentlySessionPinned', 40)],
  },
  {
    name: 'clients wait half a second for a connection of the proxy',
    minutes: HOURS,
    fires: ['PostgreSQLProxyBorrowLatencyHigh'],
    pages: false,
    values: [constant('DatabaseConnectionsBorrowLatency', 500_000)],
  },
];
