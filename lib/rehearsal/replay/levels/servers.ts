import {
  border,
  type Facts,
  type Levels,
  logLines,
  ofServer,
  own,
  proxy,
  type Published,
  rds,
  serverOf,
} from '../level';

const GIB = 1024 ** 3;

/** Blocks read, with the share of them that was found in shared buffers; published each minute. */
const blocks = (facts: Facts, perSecond: number, hitShare: number): Published[] => [
  ofServer(facts, 'pg_cache_hits', perSecond * 60 * hitShare),
  ofServer(facts, 'pg_cache_reads', perSecond * 60 * (1 - hitShare)),
];
const warning = (minutes: number) => ({ severity: 'warning', minutes }) as const;
const critical = (minutes: number) => ({ severity: 'critical', minutes }) as const;

/** Availability, sessions, load and volumes. */
export const SERVER_LEVELS: Levels = {
  PostgreSQLDown: border(ofServer, 'pg_up', { fires: 0, ok: 1 }, critical(3)),
  PostgreSQLTooManyConnections: (facts) => {
    const most = serverOf(facts).maxConnections;
    return border(ofServer, 'pg_connections_used', { fires: 0.85 * most, ok: 0.79 * most }, warning(6))(facts);
  },
  PostgreSQLConnectionPoolExhausted: border(
    own,
    'pg_connections_idle_in_transaction',
    { fires: [51, 0], ok: [50, 0] },
    warning(6),
  ),
  PostgreSQLRestarted: border(own, 'pg_server_uptime_seconds', { fires: [290, 86_400], ok: [310, 86_400] }, warning(2)),
  PostgreSQLMetricsMissing: (facts) => ({
    ...border(own, 'collector_passes', { fires: [], ok: 1 }, critical(6))(facts),
    firesWithoutValues: true,
  }),
  PostgreSQLMetricsIncomplete: border(own, 'collector_failed_queries', { fires: 1, ok: 0 }, warning(6)),
  PostgreSQLInspectorMissing: (facts) => ({
    ...border(own, 'inspector_passes', { fires: [], ok: 1 }, warning(45))(facts),
    tooShort: 22,
    every: 5,
    firesWithoutValues: true,
  }),
  PostgreSQLHighQueryDuration: border(ofServer, 'pg_transactions_longest_seconds', { fires: 310, ok: 290 }, warning(4)),
  // Just above the 1,000 blocks a second from which the share counts.
  PostgreSQLCacheHitRatioLow: (facts) => ({
    severity: 'warning',
    fires: blocks(facts, 1100, 0.94),
    staysOk: [blocks(facts, 1100, 0.96), blocks(facts, 900, 0.5)],
    minutes: 20,
    tooShort: 10,
  }),
  PostgreSQLDeadlocks: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_deadlocks_total', 1)],
    staysOk: [[own(facts, 'pg_deadlocks_total', 0)]],
    minutes: 0,
  }),
  PostgreSQLTableBloat: border(own, 'table_bloat_dead_ratio', { fires: [0.21, 0], ok: [0.19, 0] }, warning(31)),
  PostgreSQLInvalidIndex: border(own, 'pg_indexes_invalid', { fires: 1, ok: 0 }, warning(61)),
  PostgreSQLSequenceExhaustion: border(
    own,
    'pg_sequences_used_ratio',
    { fires: [0.76, 0], ok: [0.74, 0] },
    warning(61),
  ),
  PostgreSQLTransactionIdsHigh: (facts) => ({
    ...border(rds, 'MaximumUsedTransactionIDs', { fires: 510e6, ok: 490e6 }, warning(11))(facts),
    servers: 'primary',
  }),
  PostgreSQLTransactionIdWraparound: (facts) => ({
    ...border(rds, 'MaximumUsedTransactionIDs', { fires: 1010e6, ok: 990e6 }, critical(2))(facts),
    servers: 'primary',
  }),
  PostgreSQLDbLoadHigh: (facts) => {
    const { vcpus } = serverOf(facts);
    return border(rds, 'DBLoad', { fires: 1.05 * vcpus, ok: 0.95 * vcpus }, warning(16))(facts);
  },
  PostgreSQLCpuHigh: border(rds, 'CPUUtilization', { fires: 91, ok: 89 }, warning(6)),
  PostgreSQLEbsByteBalanceLow: border(rds, 'EBSByteBalance%', { fires: 9, ok: 11 }, warning(4)),
  PostgreSQLEbsIoBalanceLow: border(rds, 'EBSIOBalance%', { fires: 9, ok: 11 }, warning(4)),
  PostgreSQLSessionsBlocked: border(own, 'pg_blocked_sessions', { fires: 6, ok: 5 }, warning(4)),
  PostgreSQLMemoryLow: border(rds, 'FreeableMemory', { fires: 0.24 * GIB, ok: 0.26 * GIB }, warning(11)),
  PostgreSQLSwapHigh: border(rds, 'SwapUsage', { fires: 0.51 * GIB, ok: 0.49 * GIB }, warning(11)),
  'PostgreSQLVolumeLatencyHigh-ReadLatency': border(rds, 'ReadLatency', { fires: 0.021, ok: 0.019 }, warning(11)),
  'PostgreSQLVolumeLatencyHigh-WriteLatency': border(rds, 'WriteLatency', { fires: 0.021, ok: 0.019 }, warning(11)),
  PostgreSQLChecksumFailed: (facts) => ({
    severity: 'critical',
    fires: [own(facts, 'pg_checksums_failures_total', 1, 0, 0)],
    staysOk: [[own(facts, 'pg_checksums_failures_total', 0, 0, 0)]],
    minutes: 0,
  }),
  PostgreSQLProxyPinning: (facts) => {
    const pinned = (sessions: number) => [
      proxy(facts, 'DatabaseConnectionsCurrentlySessionPinned', sessions),
      proxy(facts, 'DatabaseConnections', 100),
    ];
    return { severity: 'warning', fires: pinned(21), staysOk: [pinned(19)], minutes: 16, tooShort: 12 };
  },
  // Microseconds.
  PostgreSQLProxyBorrowLatencyHigh: border(
    proxy,
    'DatabaseConnectionsBorrowLatency',
    { fires: 105_000, ok: 95_000 },
    warning(6),
  ),
  PostgreSQLProxyRefusedLogins: (facts) => ({
    severity: 'warning',
    fires: [proxy(facts, 'ClientConnectionsSetupFailedAuth', 11)],
    staysOk: [[proxy(facts, 'ClientConnectionsSetupFailedAuth', 10)]],
    minutes: 0,
    every: 5,
  }),
  PostgreSQLProxyPoolFull: (facts) => {
    const { proxyConnections: most } = facts.context;
    return border(proxy, 'DatabaseConnections', { fires: 0.85 * most, ok: 0.79 * most }, warning(6))(facts);
  },
  PostgreSQLUnauthorizedAccessAttempts: (facts) => ({
    severity: 'warning',
    fires: [logLines(facts, 'pg_log_refused_logins', 11)],
    staysOk: [[logLines(facts, 'pg_log_refused_logins', 10)]],
    minutes: 0,
    every: 5,
  }),
};
