import { HOURS_PER_MONTH } from '../cost-line';
import type { Pricer } from './pricer';

/** The cache: its nodes, and what its snapshots keep. AWS is said to keep one snapshot without charge; it is counted. */
export const CACHE: Pricer = {
  group: 'cache',
  lines: ({ properties }, { line, usage }) => {
    const nodeType = String(properties['CacheNodeType']).replace(/^cache\./, '');
    const hours = Number(properties['NumCacheClusters'] ?? 1) * HOURS_PER_MONTH;
    const snapshots = Number(properties['SnapshotRetentionLimit'] ?? 0);
    return [
      line(`node, ${nodeType}`, hours, 'hours', `elastiCache/valkeyNodeHour/${nodeType}`),
      ...(snapshots > 0
        ? [line('snapshots', snapshots * usage.cacheDataGb, 'GB', 'elastiCache/snapshotGbMonth', 'cacheDataGb')]
        : []),
    ];
  },
};
