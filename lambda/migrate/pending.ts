import { createHash } from 'node:crypto';
import type { HistoryEntry } from './history';
import type { Migration } from '../../lib/contract/migrations';

/**
 * The migrations that are not in the history yet.
 * @throws Error with a sentence when the history and the folder contradict each other, which a person must settle
 */
export function decidePending(migrations: readonly Migration[], history: readonly HistoryEntry[]): Migration[] {
  const inFolder = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const entry of history) check(entry, inFolder.get(entry.name));
  const applied = new Set(history.map(({ name }) => name));
  const pending = migrations.filter(({ name }) => !applied.has(name));
  const newest = [...applied].sort().at(-1) ?? '';
  const late = pending.find(({ name }) => name < newest);
  if (late)
    throw new Error(`${late.name} is older than ${newest}, which is applied already; give it a newer timestamp`);
  return pending;
}

function check({ name, checksum, finished, startedAt, logs }: HistoryEntry, migration: Migration | undefined): void {
  if (!finished) {
    const why = logs ? ` (${logs.trim().split('\n')[0]})` : '';
    throw new Error(
      `${name} began at ${startedAt.toISOString()} and did not finish${why}, and its entry does not say what of it was kept; compare the database with the file, then run "prisma migrate resolve --applied ${name}" if its changes are there, or "--rolled-back ${name}" if they are not`,
    );
  }
  if (!migration) {
    throw new Error(
      `the database has the migration ${name}, the folder does not; deploy the version that contains it, or a newer one`,
    );
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
