import type { CacheSettings } from '../schema/cache/cache';

/** Names of the nodes of the cache, as ElastiCache ends their ids: `001`, `002` … */
export function cacheNodeNames({ nodes }: Pick<CacheSettings, 'nodes'>): string[] {
  return Array.from({ length: nodes }, (_, index) => String(index + 1).padStart(3, '0'));
}
