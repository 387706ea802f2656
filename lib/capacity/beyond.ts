import type { PatternReport } from '../benchmark/report/report';

/** What comes after one primary. The shard key is `salon_id`: every table with a salon has it. */
export const BEYOND = [
  {
    when: 'storage, or more readers than five replicas',
    engine: 'Aurora PostgreSQL',
    changes:
      'the same SQL and drivers; a cluster instead of the instances in lib/constructs/database, Aurora’s own replicas and backups; I/O is charged by request or as I/O-Optimized',
  },
  {
    when: 'writes beyond the largest class',
    engine: 'Aurora PostgreSQL Limitless, or PostgreSQL with Citus on EC2 (RDS does not have the extension)',
    changes:
      'the shard key salon_id becomes a part of every primary and unique key, and of every lookup by an id alone; queries without it go to all shards',
  },
] as const;

/** The application's queries whose plans do not look up a salon: with salon_id as the shard key each of them asks every shard. */
export function crossShardQueries(patterns: readonly Pick<PatternReport, 'name' | 'conditions'>[]): string[] {
  return patterns
    .filter(({ conditions }) => !conditions.some((condition) => condition.includes('salon_id = ')))
    .map(({ name }) => name);
}
