import type { Client, Connection } from 'pg';
import { openBook, readBook, recordFailure, recordRollback, recordStart, recordSuccess } from './book';
import { describeFailure, MigrationFailed } from './failure';
import { withPrismaLock } from './lock';
import type { Migration } from './migrations';
import { decidePending } from './pending';

/** What a run did. */
export interface MigrationReport {
  /** Names of the migrations that this run applied. */
  readonly applied: string[];
  /** Names of those that were there before. */
  readonly alreadyApplied: string[];
}

/**
 * Brings the database up to date, like `prisma migrate deploy`. Of two runs at once, the second waits for the first.
 * @param onProgress hears the name of each migration before it runs
 * @throws MigrationFailed when PostgreSQL refuses one; those before it stay applied
 * @throws Error with a sentence when the book and the folder contradict each other
 */
export async function runMigrations(
  client: Client,
  migrations: readonly Migration[],
  onProgress: (name: string) => void = () => undefined,
): Promise<MigrationReport> {
  return withPrismaLock(client, async () => {
    await openBook(client);
    const book = await readBook(client);
    const pending = decidePending(migrations, book);
    for (const migration of pending) {
      onProgress(migration.name);
      await apply(client, migration);
    }
    return { applied: pending.map(({ name }) => name), alreadyApplied: book.map(({ name }) => name) };
  });
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const id = await recordStart(client, migration);
  const server = listen(client);
  try {
    // One simple query, as Prisma sends it: PostgreSQL makes one transaction of it.
    await client.query(migration.sql);
    if (client.getTransactionStatus() !== 'I') throw new Error('the file opens a transaction and does not commit it');
  } catch (error) {
    const reason = describeFailure(migration, server.completed.length, error);
    const undone = canBeUndone(migration, server.completed) && (await undo(client, id, reason));
    if (!undone) await recordFailure(client, id, reason).catch(() => undefined);
    throw new MigrationFailed(migration, reason, undone, error);
  } finally {
    server.stop();
  }
  await recordSuccess(client, id);
}

/** Whether a file is one transaction: neither its own COMMIT nor an index built concurrently, which is left behind invalid. */
function canBeUndone({ sql }: Migration, completed: readonly string[]): boolean {
  return !completed.includes('COMMIT') && !/\bconcurrently\b/i.test(sql);
}

/** Ends a transaction that the file itself opened, and writes that nothing is left. False when the session is lost. */
async function undo(client: Client, id: string, reason: string): Promise<boolean> {
  try {
    if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
    await recordRollback(client, id, reason);
    return true;
  } catch {
    return false;
  }
}

/** Collects the tags of the statements that the server completes from now on. */
function listen(client: Client): { completed: string[]; stop: () => void } {
  const { connection } = client as Client & { connection: Connection };
  const completed: string[] = [];
  const collect = ({ text }: { text: string }) => void completed.push(text);
  connection.on('commandComplete', collect);
  return { completed, stop: () => connection.off('commandComplete', collect) };
}
