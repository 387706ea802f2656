import type { VendedSource } from './source';

const ofNode = {
  from: 'vended',
  namespace: 'AWS/ElastiCache',
  of: 'cacheNode',
  domain: 'number',
  periodSeconds: 60,
  missingData: 'notBreaching',
} as const;

/** The highest and the lowest value of a range differ when the node became the primary in it, or was the primary before. */
const isPrimary = {
  ...ofNode,
  metricName: 'IsMaster',
  domain: 'boolean',
  needs: 'cacheReplicas',
} as const;

/**
 * Metrics of the cache's nodes. Names, units and periods: ElastiCache User Guide, "Metrics for Valkey and Redis OSS" and "Host-level
 * metrics": every node has a value each minute.
 */
export const CACHE_SOURCES = {
  aws_elasticache_engine_cpuutilization_average: {
    ...ofNode,
    metricName: 'EngineCPUUtilization',
    statistic: 'Average',
    meaning: 'use of the one processor that runs the commands',
    unit: '%',
    // A cache that was just created has its first values within minutes (unconfirmed).
    firstValueMinutes: 30,
  },
  aws_elasticache_database_memory_usage_percentage_average: {
    ...ofNode,
    metricName: 'DatabaseMemoryUsagePercentage',
    statistic: 'Average',
    meaning: 'memory in use, of what the node has for data',
    unit: '%',
  },
  aws_elasticache_evictions_sum: {
    ...ofNode,
    metricName: 'Evictions',
    statistic: 'Sum',
    meaning: 'keys removed because the memory is full',
  },
  aws_elasticache_curr_connections_maximum: {
    ...ofNode,
    metricName: 'CurrConnections',
    statistic: 'Maximum',
    meaning: 'connections of clients; ElastiCache itself has four to six of them',
  },
  aws_elasticache_replication_lag_maximum: {
    ...ofNode,
    metricName: 'ReplicationLag',
    statistic: 'Maximum',
    needs: 'cacheReplicas',
    meaning: 'how far a replica is behind the primary; no value on the primary',
    unit: 's',
  },
  aws_elasticache_is_master_maximum: {
    ...isPrimary,
    statistic: 'Maximum',
    meaning: '1 when the node was the primary at some time in the period',
  },
  aws_elasticache_is_master_minimum: {
    ...isPrimary,
    statistic: 'Minimum',
    meaning: '1 when the node was the primary all the time of the period',
  },
} as const satisfies Record<string, VendedSource>;
