import type { HistoryEntry, ServerFacts } from './catalog';
import { type Obstacle, refuse, remark, some, when } from './obstacle';
import type { ServerWishes } from './source-obstacles';

/** Judges the target alone. */
export function targetObstacles(facts: ServerFacts, { method, wayBack, isStarted }: ServerWishes): Obstacle[] {
  const { inRecovery, maySubscribe, user, freeWorkers, ownsDatabase, mayEndSessions } = facts;
  const isLogical = method === 'logical';
  return [
    ...when(inRecovery, () =>
      refuse(
        'target-is-replica',
        'the target is a replica',
        'give --to the address of the primary, not that of a replica',
      ),
    ),
    ...when(isLogical && !maySubscribe, () =>
      refuse(
        'subscription-right',
        `${user} may not subscribe in the target`,
        'log in as the master user of RDS, a member of rds_superuser, or as a superuser elsewhere',
      ),
    ),
    ...when(isLogical && !isStarted && freeWorkers < 2, () =>
      refuse(
        'target-workers',
        `${Math.max(0, freeWorkers)} workers for logical replication are free in the target, 2 are needed`,
        'raise max_logical_replication_workers and max_worker_processes in lib/config/postgres-parameters.ts; that takes a restart',
      ),
    ),
    ...when(!ownsDatabase || !mayEndSessions, () =>
      refuse(
        'target-right',
        `${user} neither owns the target's database nor may end its sessions, or lacks one of both`,
        'log in as the master user',
      ),
    ),
    ...(wayBack ? targetWayBack(facts) : []),
  ];
}

function targetWayBack({ walLevel, freeSlots, freeSenders, mayReplicate, user }: ServerFacts): Obstacle[] {
  return [
    ...when(walLevel !== 'logical', () =>
      refuse(
        'target-wal-level',
        `wal_level of the target is ${walLevel}, so changes after the cutover cannot flow back`,
        'set rds.logical_replication to 1 in its parameter group, which takes a restart, or give the way back up with --no-way-back',
      ),
    ),
    ...when(freeSlots < 1 || freeSenders < 1, () =>
      refuse(
        'target-slots',
        'the target has no free replication slot or WAL sender for the way back',
        'raise max_replication_slots and max_wal_senders, which takes a restart, or use --no-way-back',
      ),
    ),
    ...when(!mayReplicate, () =>
      refuse(
        'target-replication-right',
        `${user} may not replicate from the target`,
        `GRANT rds_replication TO ${user} (elsewhere: ALTER ROLE ${user} REPLICATION), or use --no-way-back`,
      ),
    ),
  ];
}

/** Judges what only both sides together show. */
export function pairObstacles(source: ServerFacts, target: ServerFacts, isStarted: boolean): Obstacle[] {
  const unknown = source.extensions.filter((name) => !target.extensions.includes(name));
  const unavailable = unknown.filter((name) => !target.availableExtensions.includes(name));
  return [
    ...when(source.serverName === target.serverName, () =>
      refuse('same-database', '--from and --to are the same database', 'correct one of the addresses'),
    ),
    ...when(source.collation !== target.collation, () =>
      remark(
        'collation',
        `texts are sorted by ${source.collation} in the source and by ${target.collation} in the target`,
        'nothing, unless the application shows lists in the order of the database',
      ),
    ),
    ...when(unknown.length > 0, () =>
      remark(
        'extension',
        `the source has extensions that the target has not: ${some(unknown)}${unavailable.length > 0 ? `; not available there: ${some(unavailable)}` : ''}`,
        'if the application needs them, create them by a migration',
      ),
    ),
    ...when(!isStarted && [...source.slots, ...source.publications].some((name) => name.startsWith('moving_')), () =>
      remark(
        'left-behind',
        'the source has a publication or slot of an earlier import',
        'nothing if that one has ended: start replaces them',
      ),
    ),
    ...when(source.others.length > 0, () =>
      remark(
        'stays-behind',
        `not moved: ${some(source.others)}; nor roles, rights and settings`,
        'what the application needs of it belongs in a migration',
      ),
    ),
  ];
}

/** Compares Prisma's migration histories: the target has its own, nothing of the source's is copied. */
export function historyObstacles(
  source: readonly HistoryEntry[] | undefined,
  target: readonly HistoryEntry[] | undefined,
): Obstacle[] {
  const open = (entries: readonly HistoryEntry[] = []) =>
    entries.filter(({ finished }) => !finished).map(({ name }) => name);
  const unknown = (source ?? []).filter(({ name }) => !target?.some((entry) => entry.name === name));
  return [
    ...when(open(target).length > 0, () =>
      refuse(
        'target-migration-open',
        `migrations of the target have not finished: ${some(open(target))}`,
        'repair them as lambda/migrate/README.md says',
      ),
    ),
    ...when(open(source).length > 0, () =>
      remark(
        'source-migration-open',
        `migrations of the source have not finished: ${some(open(source))}`,
        'compare the tables that they change by hand',
      ),
    ),
    ...when(unknown.length > 0, () =>
      remark(
        'history',
        `the source's migration history has entries that the target's has not: ${some(unknown.map(({ name }) => name))}`,
        'nothing, where the tables agree: the target keeps its own history',
      ),
    ),
  ];
}
