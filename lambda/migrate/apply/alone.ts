import type { Client } from 'pg';
import type { Migration } from '../../../lib/contract/migrations';
import { describeFailure, MigrationFailed } from '../failure';
import { recordFailure, recordRollback, recordStart, recordSuccess } from '../history';

/**
 * Applies a file of one statement that cannot share a transaction with its entry in the history, as Prisma does: it writes the entry, runs
 * the statement and finishes the entry. It runs without a time limit, as a concurrent index build does.
 * @param leavesTraces whether a failure may leave something, which only a person can see
 * @throws MigrationFailed
 */
export async function applyAlone(client: Client, migration: Migration, leavesTraces: boolean): Promise<void> {
  const id = await recordStart(client, migration);
  try {
    await client.query('SET lock_timeout = 0; SET statement_timeout = 0');
    await client.query(migration.sql);
  } catch (error) {
    const reason = describeFailure(migration, 0, error);
    const record = leavesTraces ? recordFailure : recordRollback;
    const isRecorded = await record(client, id, reason).then(
      () => true,
      () => false,
    );
    throw new MigrationFailed(migration, reason, isRecorded && !leavesTraces ? 'nothing' : 'unknown');
  }
  await recordSuccess(client, id);
}
