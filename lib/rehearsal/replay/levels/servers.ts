import { type Facts, type Levels, logLines, ofServer, own, proxy, type Published, rds } from '../level';

const GIB = 1024 ** 3;

const contextOf = ({ context, server }: Facts) => context.servers.find(({ name }) => name === server)!;
/** 1,100 blocks a second, just above the 1,000 from which the ratio counts; published each minute. */
const blocks = (facts: Facts, perSecond: number, hitShare: number): Published[] => [
  ofServer(facts, 'pg_cache_hits', perSecond * 60 * hitShare),
  ofServer(facts, 'pg_cache_reads', perSecond * 60 * (1 - hitShare)),
];
/** A metric of RDS with its values just above and just below. */
const border =
  (severity: 'critical' | 'warning', metric: string, fires: number, ok: number, minutes: number) => (facts: Facts) => ({
    severity,
    fires: [rds(facts, metric, fires)],
    staysOk: [[rds(facts, metric, ok)]] as const,
    minutes,
    tooShort: Math.floor(minutes * 0.75),
  });

/** Availability, sessions, load and volumes. */
export const SERVER_LEVELS: Levels = {
  PostgreSQLDown: (facts) => ({
    severity: 'critical',
    fires: [ofServer(facts, 'pg_up', 0)],
    staysOk: [[ofServer(facts, 'pg_up', 1)]],
    minutes: 3,
    tooShort: 2,
  }),
  PostgreSQLTooManyConnections: (facts) => {
    const most = contextOf(facts).maxConnections;
    return {
      severity: 'warning',
      fires: [ofServer(facts, 'pg_connections_used', 0.85 * most)],
      staysOk: [[ofServer(facts, 'pg_connections_used', 0.79 * most)]],
      minutes: 6,
      tooShort: 4,
    };
  },
  PostgreSQLConnectionPoolExhausted: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_connections_idle_in_transaction', 51, 0)],
    staysOk: [[own(facts, 'pg_connections_idle_in_transaction', 50, 0)]],
    minutes: 6,
    tooShort: 4,
  }),
  PostgreSQLRestarted: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_server_uptime_seconds', 290, 86_400)],
    staysOk: [[own(facts, 'pg_server_uptime_seconds', 310, 86_400)]],
    minutes: 2,
  }),
  PostgreSQLMetricsMissing: (facts) => ({
    severity: 'critical',
    fires: [own(facts, 'collector_passes')],
    staysOk: [[own(facts, 'collector_passes', 1)]],
    minutes: 6,
    tooShort: 4,
    firesWithoutValues: true,
  }),
  PostgreSQLMetricsIncomplete: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'collector_failed_queries', 1)],
    staysOk: [[own(facts, 'collector_failed_queries', 0)]],
    minutes: 6,
    tooShort: 4,
  }),
  PostgreSQLInspectorMissing: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'inspector_passes')],
    staysOk: [[own(facts, 'inspector_passes', 1)]],
    minutes: 45,
    tooShort: 22,
    every: 5,
    firesWithoutValues: true,
  }),
  PostgreSQLHighQueryDuration: (facts) => ({
    severity: 'warning',
    fires: [ofServer(facts, 'pg_transactions_longest_seconds', 310)],
    staysOk: [[ofServer(facts, 'pg_transactions_longest_seconds', 290)]],
    minutes: 4,
    tooShort: 3,
  }),
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
  PostgreSQLTableBloat: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'table_bloat_dead_ratio', 0.21, 0)],
    staysOk: [[own(facts, 'table_bloat_dead_ratio', 0.19, 0)]],
    minutes: 31,
    tooShort: 23,
  }),
  PostgreSQLInvalidIndex: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_indexes_invalid', 1)],
    staysOk: [[own(facts, 'pg_indexes_invalid', 0)]],
    minutes: 61,
    tooShort: 45,
  }),
  PostgreSQLSequenceExhaustion: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_sequences_used_ratio', 0.76, 0)],
    staysOk: [[own(facts, 'pg_sequences_used_ratio', 0.74, 0)]],
    minutes: 61,
    tooShort: 45,
  }),
  PostgreSQLTransactionIdsHigh: (facts) => ({
    ...border('warning', 'MaximumUsedTransactionIDs', 510e6, 490e6, 11)(facts),
    servers: 'primary',
  }),
  PostgreSQLTransactionIdWraparound: (facts) => ({
    ...border('critical', 'MaximumUsedTransactionIDs', 1010e6, 990e6, 2)(facts),
    servers: 'primary',
  }),
  PostgreSQLDbLoadHigh: (facts) => {
    const { vcpus } = contextOf(facts);
    return border('warning', 'DBLoad', 1.05 * vcpus, 0.95 * vcpus, 16)(facts);
  },
  PostgreSQLCpuHigh: border('warning', 'CPUUtilization', 91, 89, 6),
  PostgreSQLEbsByteBalanceLow: border('warning', 'EBSByteBalance%', 9, 11, 4),
  PostgreSQLEbsIoBalanceLow: border('warning', 'EBSIOBalance%', 9, 11, 4),
  PostgreSQLSessionsBlocked: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_blocked_sessions', 6)],
    staysOk: [[own(facts, 'pg_blocked_sessions', 5)]],
    minutes: 4,
    tooShort: 3,
  }),
  PostgreSQLMemoryLow: border('warning', 'FreeableMemory', 0.24 * GIB, 0.26 * GIB, 11),
  'PostgreSQLVolumeLatencyHigh-ReadLatency': border('warning', 'ReadLatency', 0.021, 0.019, 11),
  'PostgreSQLVolumeLatencyHigh-WriteLatency': border('warning', 'WriteLatency', 0.021, 0.019, 11),
  PostgreSQLChecksumFailed: (facts) => ({
    severity: 'critical',
    fires: [own(facts, 'pg_checksums_failures_total', 1, 0, 0)],
    staysOk: [[own(facts, 'pg_checksums_failures_total', 0, 0, 0)]],
    minutes: 0,
  }),
  PostgreSQLProxyPinning: () => ({
    severity: 'warning',
    fires: [proxy('DatabaseConnectionsCurrentlySessionPinned', 21), proxy('DatabaseConnections', 100)],
    staysOk: [[proxy('DatabaseConnectionsCurrentlySessionPinned', 19), proxy('DatabaseConnections', 100)]],
    minutes: 16,
    tooShort: 12,
  }),
  // Microseconds.
  PostgreSQLProxyBorrowLatencyHigh: () => ({
    severity: 'warning',
    fires: [proxy('DatabaseConnectionsBorrowLatency', 105_000)],
    staysOk: [[proxy('DatabaseConnectionsBorrowLatency', 95_000)]],
    minutes: 6,
    tooShort: 4,
  }),
  PostgreSQLProxyRefusedLogins: () => ({
    severity: 'warning',
    fires: [proxy('ClientConnectionsSetupFailedAuth', 11)],
    staysOk: [[proxy('ClientConnectionsSetupFailedAuth', 10)]],
    minutes: 0,
    every: 5,
  }),
  PostgreSQLProxyPoolFull: ({ context: { proxyConnections } }) => ({
    severity: 'warning',
    fires: [proxy('DatabaseConnections', 0.85 * proxyConnections)],
    staysOk: [[proxy('DatabaseConnections', 0.79 * proxyConnections)]],
    minutes: 6,
    tooShort: 4,
  }),
  PostgreSQLUnauthorizedAccessAttempts: (facts) => ({
    severity: 'warning',
    fires: [logLines(facts, 'pg_log_refused_logins', 11)],
    staysOk: [[logLines(facts, 'pg_log_refused_logins', 10)]],
    minutes: 0,
    every: 5,
  }),
};
