import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';
import type { Migration } from '../../../lib/contract/migrations';
import { splitStatements } from '../../../lib/contract/sql-tokens';
import { describeFailure, MigrationFailed } from '../failure';
import { recordFailure, recordRolledBack, recordStart, recordSuccess } from '../history';
import { describeBlockers } from './blockers';
import { runFile } from './file';

/** How a file in a transaction waits for locks. */
export interface LockPatience {
  /**
   * Longest wait for one lock; the application's statements queue behind the file's for so long. Well under a second, because a file that
   * locks several tables holds the first lock while it waits for the next. As it is shorter than deadlock_timeout (1 s), after which
   * PostgreSQL would cancel a blocking autovacuum, the file waits until the autovacuum ends.
   */
  readonly lockTimeoutMs: number;
  /** How long to retry. */
  readonly retryForMs: number;
}

/** Leaves time for other migrations within the 14 minutes of the function. */
export const LOCK_PATIENCE: LockPatience = { lockTimeoutMs: 300, retryForMs: 3 * 60_000 };

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

/**
 * Applies a file and writes its entry into the history in one transaction. Prisma's engine writes the entry outside of the file's
 * transaction: when it is killed between the two, the entry does not show whether the file was applied. Here either both exist or
 * neither. The finished rows are the same.
 * @throws MigrationFailed
 */
export async function applyInTransaction(client: Client, migration: Migration, patience: LockPatience): Promise<void> {
  const deadline = Date.now() + patience.retryForMs;
  for (let attempts = 1, pause = FIRST_PAUSE_MS; ; attempts++, pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const failure = await attempt(client, migration, patience.lockTimeoutMs);
    if (!failure) return;
    if (isLockConflict(failure.error) && Date.now() + pause <= deadline) {
      await sleep(pause);
      continue;
    }
    await fail(client, migration, failure, attempts);
  }
}

interface Failure {
  /** Id of the entry, which is in the history only if the file committed it. */
  readonly id: string | undefined;
  readonly error: unknown;
  readonly completed: readonly string[];
}

async function attempt(client: Client, migration: Migration, lockTimeoutMs: number): Promise<Failure | undefined> {
  const completed: string[] = [];
  let id: string | undefined;
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = 0`);
    id = await recordStart(client, migration);
    await runFile(client, migration.sql, completed);
    if (client.getTransactionStatus() !== 'T' || completed.includes('COMMIT')) {
      throw new Error('the file ends the transaction that it runs in; remove its transaction control');
    }
    // The role of the file may not be allowed to write the history.
    await client.query('RESET SESSION AUTHORIZATION; RESET ROLE');
    await recordSuccess(client, id);
    await client.query('COMMIT');
    return undefined;
  } catch (error) {
    // A lost session has rolled back; the error of this query must not replace the reason.
    await client.query('ROLLBACK').catch(() => undefined);
    return { id, error, completed };
  }
}

async function fail(
  client: Client,
  migration: Migration,
  { id, error, completed }: Failure,
  attempts: number,
): Promise<never> {
  let reason = describeFailure(migration, completed.length, error);
  if (isLockConflict(error)) {
    const statement = splitStatements(migration.sql)[completed.length]?.text ?? '';
    reason += `; tried ${attempts} times; ${await describeBlockers(client, statement).catch(() => 'the blocking session is unknown')}`;
  }
  if (id !== undefined && completed.includes('COMMIT')) {
    await recordFailure(client, id, reason).catch(() => undefined);
    throw new MigrationFailed(migration, reason, 'unknown');
  }
  const isRecorded = await recordRolledBack(client, migration, reason).then(
    () => true,
    () => false,
  );
  throw new MigrationFailed(migration, reason, isRecorded ? 'nothing' : 'decided by the next run');
}

function isLockConflict(error: unknown): boolean {
  return error instanceof DatabaseError && [LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED].includes(error.code ?? '');
}
