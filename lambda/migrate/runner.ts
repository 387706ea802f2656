import type { Client } from 'pg';
import type { Migration } from '../../lib/contract/migrations';
import { applyAlone } from './apply/alone';
import { buildIndex, settleBuild } from './apply/concurrent-index';
import { kindOf } from './apply/kinds';
import { applyInTransaction, LOCK_PATIENCE, type LockPatience } from './apply/transaction';
import { hasHistory, type HistoryEntry, openHistory, readHistory } from './history';
import { withPrismaLock } from './lock';
import { type Decision, decidePending, describeBeyond, hasChecksum, isComplete } from './pending';
import { checkSession, resetSession } from './session';

/** Result of a run. */
export interface MigrationReport {
  /** Names of the migrations that this run applied. */
  readonly applied: string[];
  /** Names of the migrations that were applied before. */
  readonly alreadyApplied: string[];
  /** Names of the migrations that the history has and the folder does not, finished or not: the folder is older, as after a rollback. */
  readonly beyondFolder: string[];
  /** Sessions that held the lock of the migrations without being able to migrate, and were ended; undefined: none. */
  readonly endedSessions?: readonly string[];
  /** What beyondFolder means, for a person; undefined when it is empty. */
  readonly warning?: string;
}

/**
 * Applies all pending migrations, like `prisma migrate deploy`. When two runs start at once, the second waits for the first. A migration
 * that an interrupted run left open is recorded as finished or started again where the database proves what is there. A run with nothing
 * to apply does not wait: after a rollback the server may still be building an index of the newer version, and holds the lock meanwhile.
 * @param onProgress called with the name of each migration before it runs
 * @param patience how to wait for locks; default LOCK_PATIENCE
 * @throws MigrationFailed when a migration fails; those before it stay applied
 * @throws Error with a sentence, before anything runs, when the session cannot migrate, the history and the folder contradict each other, or a
 *   pending file cannot be run
 */
export async function runMigrations(
  client: Client,
  migrations: readonly Migration[],
  onProgress: (name: string) => void = () => undefined,
  patience: LockPatience = LOCK_PATIENCE,
): Promise<MigrationReport> {
  await checkSession(client);
  if (await hasHistory(client)) {
    const history = await readHistory(client);
    if (isComplete(migrations, history)) return report(decidePending(migrations, history), history);
  }
  return withPrismaLock(client, async (ended) => {
    await openHistory(client);
    await settleInterrupted(client, migrations, await readHistory(client));
    const history = await readHistory(client);
    const decision = decidePending(migrations, history);
    refuse(decision.pending);
    for (const migration of decision.pending) {
      onProgress(migration.name);
      await resetSession(client);
      await apply(client, migration, patience);
    }
    await resetSession(client);
    return { ...report(decision, history), ...(ended.length > 0 && { endedSessions: ended }) };
  });
}

function report({ pending, beyondFolder }: Decision, history: readonly HistoryEntry[]): MigrationReport {
  const warning = describeBeyond(beyondFolder);
  return {
    applied: pending.map(({ name }) => name),
    alreadyApplied: history.filter((entry) => !beyondFolder.includes(entry)).map(({ name }) => name),
    beyondFolder: beyondFolder.map(({ name }) => name),
    ...(warning !== undefined && { warning }),
  };
}

/** Settles open entries of concurrent index builds; other open entries need a person (see MigrationKind). */
async function settleInterrupted(
  client: Client,
  migrations: readonly Migration[],
  history: readonly HistoryEntry[],
): Promise<void> {
  for (const entry of history) {
    const migration = migrations.find(({ name }) => name === entry.name);
    if (entry.finished || !migration || !hasChecksum(migration, entry.checksum)) continue;
    const kind = kindOf(migration);
    if (kind.kind === 'concurrent index') await settleBuild(client, entry, kind);
  }
}

/** Refuses the pending files that cannot be run, before any of them runs. Files that were applied before, as by Prisma, are not judged. */
function refuse(pending: readonly Migration[]): void {
  const refused = pending.flatMap((migration) => {
    const kind = kindOf(migration);
    return kind.kind === 'refused' ? [`${migration.name}/migration.sql, ${kind.because}`] : [];
  });
  if (refused.length > 0) throw new Error(`nothing was applied, because a file cannot be run: ${refused.join('; ')}`);
}

async function apply(client: Client, migration: Migration, patience: LockPatience): Promise<void> {
  const kind = kindOf(migration);
  switch (kind.kind) {
    case 'transaction':
      return applyInTransaction(client, migration, patience);
    case 'concurrent index':
      return buildIndex(client, migration, kind);
    case 'alone':
      return applyAlone(client, migration, kind.leavesTraces);
    case 'refused':
      throw new Error(`${migration.name}/migration.sql cannot be run: ${kind.because}`);
  }
}
