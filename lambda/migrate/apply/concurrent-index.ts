import { type Client, escapeIdentifier } from 'pg';
import type { Migration } from '../../../lib/contract/migrations';
import { type HistoryEntry, recordFailure, recordRollback, recordStart, recordSuccess } from '../history';
import { describeFailure, MigrationFailed } from '../failure';
import type { ConcurrentIndex } from './kinds';

interface IndexState {
  readonly schema: string;
  readonly valid: boolean;
  readonly onTable: boolean;
  /** The table of the index. */
  readonly table: string;
  /** Process id of the session that is building it; null: none. */
  readonly builder: number | null;
}

/** State of an index by its name and table. An index is in the schema of its table; setting indisvalid is the last step of a build. */
const STATE = `
  SELECT nspname AS schema, indisvalid AND indisready AS valid, indrelid = to_regclass($2) AS "onTable",
         indrelid::regclass::text AS table,
         (SELECT min(pid) FROM pg_stat_progress_create_index AS build WHERE build.index_relid = indexrelid) AS builder
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
   WHERE relname = $1
     AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass($2))`;

/**
 * Builds an index while the application writes. First it drops an invalid index of that name: an interrupted build leaves one, and
 * `IF NOT EXISTS` would accept it as the real one. After a failure it also drops the invalid index.
 *
 * The build waits for older transactions without blocking writes, because its lock (SHARE UPDATE EXCLUSIVE) and the wait for it allow
 * them. So it runs without lock_timeout and statement_timeout. A build outlives the client: when the function's time is over, the server
 * continues and holds the lock of the migrations until the build is done; the next run finds the index valid.
 * @throws MigrationFailed
 */
export async function buildIndex(client: Client, migration: Migration, target: ConcurrentIndex): Promise<void> {
  await dropInvalid(client, target);
  const id = await recordStart(client, migration);
  try {
    await client.query('SET lock_timeout = 0; SET statement_timeout = 0');
    await client.query(migration.sql);
    await check(client, target);
  } catch (error) {
    const reason = describeFailure(migration, 0, error);
    const isUndone = await undo(client, id, target, reason);
    throw new MigrationFailed(migration, reason, isUndone ? 'nothing' : 'decided by the next run');
  }
  await recordSuccess(client, id);
}

/**
 * Settles an open entry, whether this function or Prisma wrote it. No build can be running, because its session would hold the lock that
 * this run holds. A valid index counts as a finished build; otherwise the migration starts again.
 */
export async function settleBuild(client: Client, entry: HistoryEntry, target: ConcurrentIndex): Promise<void> {
  const state = await inspect(client, target);
  if (state?.valid && state.onTable) await recordSuccess(client, entry.id);
  else await recordRollback(client, entry.id, entry.logs ?? 'interrupted; the next run built the index again');
}

async function inspect(client: Client, { index, table }: ConcurrentIndex): Promise<IndexState | undefined> {
  const { rows } = await client.query<IndexState>(STATE, [index, table]);
  return rows[0];
}

async function dropInvalid(client: Client, target: ConcurrentIndex): Promise<void> {
  const state = await inspect(client, target);
  if (!state || state.valid) return;
  if (state.builder !== null) {
    throw new Error(
      `the index ${target.index} is being built by process ${state.builder}, outside of the migrations; let it finish or end that session, then run again`,
    );
  }
  await client.query(
    `DROP INDEX CONCURRENTLY IF EXISTS ${escapeIdentifier(state.schema)}.${escapeIdentifier(target.index)}`,
  );
}

/** Checks what `IF NOT EXISTS` does not: that the index is on the right table, and valid. */
async function check(client: Client, target: ConcurrentIndex): Promise<void> {
  const state = await inspect(client, target);
  if (state && !state.onTable) {
    throw new Error(`an index ${target.index} exists already, on ${state.table}; give the new one another name`);
  }
  if (!state?.valid) throw new Error(`the index ${target.index} is not valid after its build`);
}

async function undo(client: Client, id: string, target: ConcurrentIndex, reason: string): Promise<boolean> {
  try {
    await dropInvalid(client, target);
    await recordRollback(client, id, reason);
    return true;
  } catch {
    await recordFailure(client, id, reason).catch(() => undefined);
    return false;
  }
}
