import type { Client } from 'pg';
import type { Migration } from '../../../lib/contract/migrations';
import { recordFailure, recordRollback, recordStart, recordSuccess } from '../history';
import { describeFailure, MigrationFailed } from '../failure';
import { runFile } from './file';

/**
 * Applies a file that cannot share a transaction with its entry in the history, as Prisma does: it writes the
 * entry, runs the file and finishes the entry.
 * @throws MigrationFailed
 */
export async function applyAlone(client: Client, migration: Migration): Promise<void> {
  const id = await recordStart(client, migration);
  const completed: string[] = [];
  try {
    await runFile(client, migration.sql, completed);
    if (client.getTransactionStatus() !== 'I') throw new Error('the file opens a transaction and does not commit it');
  } catch (error) {
    const reason = describeFailure(migration, completed.length, error);
    const isUndone = canBeUndone(migration, completed) && (await undo(client, id, reason));
    if (!isUndone) await recordFailure(client, id, reason).catch(() => undefined);
    throw new MigrationFailed(migration, reason, isUndone ? 'nothing' : 'unknown');
  }
  await recordSuccess(client, id);
}

/** Whether the file left nothing that a ROLLBACK does not undo: it completed no COMMIT and has no concurrent statement. */
function canBeUndone({ sql }: Migration, completed: readonly string[]): boolean {
  return !completed.includes('COMMIT') && !/\bconcurrently\b/i.test(sql);
}

/** Rolls back a transaction that the file opened, and records that nothing is left. Returns false when the session is lost. */
async function undo(client: Client, id: string, reason: string): Promise<boolean> {
  try {
    if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
    await recordRollback(client, id, reason);
    return true;
  } catch {
    return false;
  }
}
