import { aws, border, type Facts, type Levels, type Published } from '../level';

const warning = (minutes: number) => ({ severity: 'warning', minutes }) as const;
/** A metric of the node that the alarm is of. */
const node = ({ server }: Facts, metricName: string, ...values: number[]): Published =>
  aws('ElastiCache', metricName, { CacheClusterId: new RegExp(`-${server}\\b`) }, ...values);
/** The node is the primary, or not. */
const isPrimary = (facts: Facts, ...values: number[]) => [node(facts, 'IsMaster', ...values)];

/** The cache. */
export const CACHE_LEVELS: Levels = {
  CacheNodeDown: (facts) => ({
    ...border(node, 'EngineCPUUtilization', { fires: [], ok: 5 }, { severity: 'critical', minutes: 6 })(facts),
    firesWithoutValues: true,
  }),
  // Both values within five minutes: it was the primary, and is not any more.
  CacheFailover: (facts) => ({
    severity: 'warning',
    fires: isPrimary(facts, 1, 0),
    staysOk: [isPrimary(facts, 1), isPrimary(facts, 0)],
    minutes: 0,
  }),
  CacheMemoryHigh: border(node, 'DatabaseMemoryUsagePercentage', { fires: 91, ok: 89 }, warning(16)),
  CacheEvictions: border(node, 'Evictions', { fires: 105, ok: 95 }, warning(11)),
  CacheCpuHigh: border(node, 'EngineCPUUtilization', { fires: 81, ok: 79 }, warning(11)),
  CacheConnectionsHigh: border(node, 'CurrConnections', { fires: 2100, ok: 1900 }, warning(11)),
  CacheReplicationLag: border(node, 'ReplicationLag', { fires: 11, ok: 9 }, warning(6)),
};
