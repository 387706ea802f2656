import { createHash } from 'node:crypto';
import { type HistoryEntry, howToResolve } from './history';
import type { Migration } from '../../lib/contract/migrations';

/** What a run has to do. */
export interface Decision {
  /** The migrations that are not in the history yet, in order. Like Prisma, also those that are older than an applied one. */
  readonly pending: readonly Migration[];
  /** Entries of migrations that the folder does not have. Only a run without pending migrations accepts them: see decidePending. */
  readonly beyondFolder: readonly HistoryEntry[];
}

/**
 * Decides what a run applies. A folder that has nothing pending but lacks entries of the history is an older one, as after a rollback of
 * CloudFormation: there is nothing to apply, and the other entries are not this version's to judge, even open ones. `prisma migrate
 * deploy` ignores entries without a file as well, but not open ones (commands/src/commands/apply_migrations.rs in prisma-engines): a
 * rollback that fails would leave the stack in UPDATE_ROLLBACK_FAILED.
 * @throws Error with a sentence when the history and the folder contradict each other, which a person must settle
 */
export function decidePending(migrations: readonly Migration[], history: readonly HistoryEntry[]): Decision {
  const inFolder = byName(migrations);
  const applied = new Set(history.map(({ name }) => name));
  const pending = migrations.filter(({ name }) => !applied.has(name));
  const judged = pending.length === 0 ? history.filter(({ name }) => inFolder.has(name)) : history;
  for (const entry of judged) check(entry, inFolder.get(entry.name));
  return { pending, beyondFolder: history.filter(({ name }) => !inFolder.has(name)) };
}

/** Whether each migration of the folder is finished and unchanged, so that a run has nothing to apply and nothing to settle. */
export function isComplete(migrations: readonly Migration[], history: readonly HistoryEntry[]): boolean {
  const inFolder = byName(migrations);
  const known = history.filter(({ name }) => inFolder.has(name));
  return (
    migrations.every(({ name }) => known.some((entry) => entry.name === name)) &&
    known.every(({ name, checksum, finished }) => finished && hasChecksum(inFolder.get(name)!, checksum))
  );
}

/** Says what the history has beyond the folder, and what that means; undefined when there is nothing. */
export function describeBeyond(beyondFolder: readonly HistoryEntry[]): string | undefined {
  if (beyondFolder.length === 0) return undefined;
  const list = beyondFolder
    .map(({ name, finished }) => `${name} (${finished ? 'finished' : 'not finished'})`)
    .join(', ');
  const open = beyondFolder.some(({ finished }) => !finished)
    ? ' What an unfinished one has kept, its entry does not say; that is decided when a version with its file is deployed.'
    : '';
  return `the database has migrations that this version does not have: ${list}. This is an older version, as after a rollback: nothing was applied and nothing undone. The next version must contain them.${open}`;
}

function byName(migrations: readonly Migration[]): Map<string, Migration> {
  return new Map(migrations.map((migration) => [migration.name, migration]));
}

function check({ name, checksum, finished, startedAt, logs }: HistoryEntry, migration: Migration | undefined): void {
  if (!finished) {
    throw new Error(
      `${name} began at ${startedAt.toISOString()} and did not finish${logs ? ' (its column logs in _prisma_migrations says why)' : ''}, and its entry does not say what of it was kept. ${howToResolve(name)}`,
    );
  }
  if (!migration) {
    throw new Error(`the database has the migration ${name}, the folder does not; deploy a version that contains it`);
  }
  if (!hasChecksum(migration, checksum)) {
    throw new Error(
      `${name}/migration.sql was changed after it was applied (checksum ${migration.checksum}, applied ${checksum}); restore the file and write a new migration`,
    );
  }
}

/**
 * Whether a file is the one that was applied. Like Prisma, it accepts the file with the line ends of the other operating system, because
 * git may change them, and the checksums of Prisma's old versions, which wrote a byte under 16 as one digit (prisma-engines,
 * schema-engine/connectors/schema-connector/src/checksum.rs).
 */
export function hasChecksum({ sql, checksum }: Migration, wanted: string): boolean {
  const checksums = [checksum, sha256(sql.replaceAll('\r\n', '\n')), sha256(sql.replaceAll('\n', '\r\n'))];
  const isOld = wanted.length !== checksum.length;
  return checksums.some((each) => (isOld ? each.replaceAll(/0(.)|(..)/g, '$1$2') : each) === wanted);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
