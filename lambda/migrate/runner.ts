import type { Client, Connection } from 'pg';
import { type BookEntry, openBook, readBook, recordRollback, recordStart, recordSuccess } from './book';
import { MigrationFailed } from './failure';
import type { Migration } from './migrations';

/** What a run did. */
export interface MigrationReport {
  /** Names of the migrations that this run applied. */
  readonly applied: string[];
  /** Names of those that were there before. */
  readonly alreadyApplied: string[];
}

/** The advisory lock of Prisma's migration engine: its runs and ours wait for each other. */
const PRISMA_LOCK = 72707369;

/**
 * Brings the database up to date. Two runs at once wait for each other.
 * @param onProgress hears the name of each migration before it runs
 * @throws MigrationFailed when PostgreSQL refuses one; those before it stay applied
 * @throws Error with a sentence when the book and the folder contradict each other
 */
export async function runMigrations(
  client: Client,
  migrations: readonly Migration[],
  onProgress: (name: string) => void = () => undefined,
): Promise<MigrationReport> {
  await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
  try {
    await openBook(client);
    const book = await readBook(client);
    const pending = decidePending(migrations, book);
    for (const migration of pending) {
      onProgress(migration.name);
      await apply(client, migration);
    }
    return { applied: pending.map(({ name }) => name), alreadyApplied: book.map(({ name }) => name) };
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [PRISMA_LOCK]);
  }
}

/**
 * The migrations that the book lacks.
 * @throws Error with a sentence when book and folder contradict each other, which only a person can settle
 */
export function decidePending(migrations: readonly Migration[], book: readonly BookEntry[]): Migration[] {
  for (const { name, checksum, finished } of book) {
    const migration = migrations.find((candidate) => candidate.name === name);
    if (!finished) {
      throw new Error(`${name} began and never finished; look at the database, then run "prisma migrate resolve --applied ${name}" or "--rolled-back ${name}"`); // prettier-ignore
    }
    if (!migration)
      throw new Error(
        `the database has ${name}, the folder lacks it; deploy the version that brought it, or a newer one`,
      );
    if (migration.checksum !== checksum) {
      throw new Error(`${name}/migration.sql was changed after it was applied (checksum ${migration.checksum}, applied ${checksum}); restore it and write a new migration`); // prettier-ignore
    }
  }
  const last = book.at(-1)?.name ?? '';
  const pending = migrations.filter(({ name }) => book.every((entry) => entry.name !== name));
  const late = pending.find(({ name }) => name < last);
  if (late) throw new Error(`${late.name} is older than ${last}, which is applied already; give it a newer timestamp`);
  return pending;
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const id = await recordStart(client, migration);
  const statements = countStatements(client);
  try {
    // One simple query, as Prisma sends it: PostgreSQL makes one transaction of it.
    await client.query(migration.sql);
  } catch (error) {
    const failure = new MigrationFailed(migration, statements.completed(), error);
    await recordRollback(client, id, failure.message);
    throw failure;
  } finally {
    statements.stop();
  }
  await recordSuccess(client, id);
}

/** Counts the statements that the server completes from now on. */
function countStatements(client: Client): { completed: () => number; stop: () => void } {
  const { connection } = client as Client & { connection: Connection };
  let completed = 0;
  const count = () => void completed++;
  connection.on('commandComplete', count);
  return { completed: () => completed, stop: () => connection.off('commandComplete', count) };
}
