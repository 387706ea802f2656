import { constant, type Incident, missing } from './incident';

const HOURS = 60;
/** Everything that a node publishes. */
const OF_NODE = ['EngineCPUUtilization', 'DatabaseMemoryUsagePercentage', 'Evictions', 'CurrConnections'] as const;

/** Incidents of the cache, of its only node. Each begins on a Tuesday at noon. */
export const CACHE_INCIDENTS: readonly Incident[] = [
  {
    name: 'the node of the cache is lost and replaced after 20 minutes',
    minutes: 20,
    fires: ['CacheNodeDown-001'],
    pages: true,
    values: OF_NODE.map((metric) => missing(metric)),
  },
  {
    name: 'two values of the cache are late',
    minutes: 2,
    fires: [],
    pages: false,
    values: OF_NODE.map((metric) => missing(metric)),
  },
  {
    name: 'a release writes keys to the cache that never expire',
    minutes: 10 * HOURS,
    fires: ['CacheMemoryHigh-001'],
    pages: false,
    values: [{ metric: 'DatabaseMemoryUsagePercentage', value: (since, normal) => Math.min(99, normal + since / 5) }],
  },
  {
    name: 'the cache is full and removes keys',
    minutes: HOURS,
    fires: ['CacheEvictions-001', 'CacheMemoryHigh-001'],
    pages: false,
    values: [constant('Evictions', 500), constant('DatabaseMemoryUsagePercentage', 100)],
  },
  {
    name: 'a loop over all keys keeps the cache busy',
    minutes: HOURS,
    fires: ['CacheCpuHigh-001'],
    pages: false,
    values: [constant('EngineCPUUtilization', 97)],
  },
  {
    name: 'an application opens a connection to the cache for each request',
    minutes: 5 * HOURS,
    fires: ['CacheConnectionsHigh-001'],
    pages: false,
    values: [{ metric: 'CurrConnections', value: (since, normal) => normal + 20 * since }],
  },
];
