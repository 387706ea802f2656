import { z } from 'zod';
import { cacheNodeTypesLike, isCacheNodeType } from '../../aws/cache-node-types';
import { parseWeeklyWindow } from '../../derived/weekly-window';
import { sentence } from '../fields';

/** ElastiCache refuses a shorter maintenance window (template reference, AWS::ElastiCache::ReplicationGroup). */
const SHORTEST_WINDOW_MINUTES = 60;

/** Hours (UTC) in which ElastiCache begins the snapshot of a night; maintenance must leave them alone. */
export const CACHE_SNAPSHOT_HOURS = { start: 3, end: 4 };

const nodeType = z
  .string()
  .regex(/^(?!cache\.)[a-z0-9]+\.[a-z0-9]+$/, {
    error: 'a node type without the "cache." prefix, such as "r6g.large"',
    abort: true,
  })
  .refine(isCacheNodeType, {
    error: ({ input }) => `a type that ElastiCache has: ${cacheNodeTypesLike(String(input))}`,
  });

const weeklyWindow = z.string().refine(
  (text) => {
    const window = parseWeeklyWindow(text);
    return window && window.endMinute - window.startMinute >= SHORTEST_WINDOW_MINUTES;
  },
  { error: 'a UTC window such as "sun:05:00-sun:06:00", at least 60 minutes long' },
);

/**
 * The application's cache: ElastiCache for Valkey, which speaks the protocol of Redis, with one shard (lib/constructs/cache/README.md).
 *
 * One node or two, a month at the prices of lib/cost (of r6g.large on Valkey unconfirmed): the owner's bill has one r6g.large, $120 for
 * 13 GiB. With one node there is no failover: ElastiCache replaces a lost node, and until then no cache answers; the new one is empty. Two
 * r6g.large are $241, and production would be over its limit. Two t4g.medium are $76 and survive the loss of a zone, with 3 GiB and a
 * processor that bursts. What is better depends on how much the application keeps there and how it does without, which nobody has
 * measured, so production begins as the owner has it. Both settings change in place; a second node joins without an interruption.
 */
export const cacheSchema = z.strictObject({
  /** Type of every node, without the "cache." prefix. */
  nodeType,
  /** The primary and its replicas; from two on in different zones, with automatic failover. Default 1. */
  nodes: z.int().min(1).max(6).default(1),
  /** Version of Valkey, pinned. ElastiCache does not go back to an earlier one. Default 8.0. */
  engineVersion: z
    .string()
    .regex(/^8\.\d+$/, 'a version of Valkey 8, such as "8.0"')
    .default('8.0'),
  /**
   * What happens when the memory is full. `volatile-lru`: keys that expire are removed, those used longest ago first. `allkeys-lru`: any key.
   * `noeviction`: writes fail, which is what a queue of jobs needs (BullMQ asks for it). Default volatile-lru, Valkey's own in ElastiCache.
   */
  whenFull: z.enum(['volatile-lru', 'allkeys-lru', 'noeviction']).default('volatile-lru'),
  /** Days that the snapshot of each night is kept; 0: there are none. A new cache can be filled from one by hand. Default 15. */
  snapshotDays: z.int().min(0).max(35).default(15),
  /** When ElastiCache may maintain the nodes, UTC. Default sun:05:30-sun:06:30, after the servers. */
  maintenanceWindow: weeklyWindow.default('sun:05:30-sun:06:30'),
  /** A log of slow commands, for an investigation. Its lines quote arguments, which are customers' data. Default: none. */
  slowLog: z
    .strictObject({
      /** Why, and until when. */
      reason: sentence,
      /** Commands that take longer, ms. */
      slowerThanMs: z.int().min(1).max(60_000),
    })
    .optional(),
});

/** Settings of the cache, with all defaults filled in. */
export type CacheSettings = z.output<typeof cacheSchema>;
