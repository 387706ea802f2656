import { randomUUID } from 'node:crypto';
import { type Client, escapeLiteral } from 'pg';
import type { Migration } from '../../lib/contract/migrations';

/** An entry of the migration history that is not rolled back. */
export interface HistoryEntry {
  readonly id: string;
  readonly name: string;
  readonly checksum: string;
  /** False while the migration runs, and after a failure that a person must settle. */
  readonly finished: boolean;
  readonly startedAt: Date;
  /** Why it failed; null or empty otherwise. */
  readonly logs: string | null;
}

/**
 * Prisma's table, column by column, so that `prisma migrate` and this function can both migrate a database (prisma-engines,
 * schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs). The name includes the schema, because a migration may change
 * the search path.
 *
 * How Prisma fills it (sql_migration_persistence.rs in the same folder, and commands/src/commands/apply_migrations.rs): it inserts a row
 * when a file begins, and afterwards sets applied_steps_count to 1 and finished_at; after a failure it sets only logs. `migrate resolve
 * --applied` inserts a row with logs '' and no step, `--rolled-back` sets rolled_back_at. `migrate deploy` refuses to run while a row is
 * neither finished nor rolled back (P3009). Taken from Prisma's sources; test/lambda/migrate/prisma runs its engine on the same databases.
 */
const CREATE_HISTORY = `
  CREATE TABLE public._prisma_migrations (
    id                  VARCHAR(36)  PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64)  NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ  NOT NULL DEFAULT now(),
    applied_steps_count INTEGER      NOT NULL DEFAULT 0
  )`;

/**
 * Creates the migration history when there is none.
 * @throws Error when the database has tables but no history: like Prisma, this function does not guess which migrations made them
 */
export async function openHistory(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  const tables = rows.map(({ name }) => name);
  if (tables.includes('_prisma_migrations')) return;
  if (tables.length > 0) {
    throw new Error(
      `the database has tables (${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ', …' : ''}) but no migration history; ` +
        'record each migration that it has with "prisma migrate resolve --applied <name>"',
    );
  }
  await client.query(CREATE_HISTORY);
}

/** Whether there is a migration history. */
export async function hasHistory(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists",
  );
  return rows[0]?.exists === true;
}

/** The entries of the history that are not rolled back, in the order of their starts. */
export async function readHistory(client: Client): Promise<HistoryEntry[]> {
  const { rows } = await client.query<HistoryEntry>(
    `SELECT id, migration_name AS name, checksum, finished_at IS NOT NULL AS finished, started_at AS "startedAt", logs
       FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** Records the start of a migration; returns the entry's id. */
export async function recordStart(client: Client, { name, checksum }: Migration): Promise<string> {
  const id = randomUUID();
  await client.query('INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  return id;
}

/** Records that a migration is finished; Prisma counts it as one step. */
export async function recordSuccess(client: Client, id: string): Promise<void> {
  await client.query(
    'UPDATE public._prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1, logs = NULL WHERE id = $1',
    [id],
  );
}

/** Records that a migration failed and left nothing: in Prisma's terms it is rolled back, and the next run starts it again. */
export async function recordRollback(client: Client, id: string, logs: string): Promise<void> {
  await client.query('UPDATE public._prisma_migrations SET rolled_back_at = now(), logs = $2 WHERE id = $1', [
    id,
    logs,
  ]);
}

/** Records a migration whose transaction was rolled back together with its first entry. */
export async function recordRolledBack(client: Client, { name, checksum }: Migration, logs: string): Promise<void> {
  await client.query(
    `INSERT INTO public._prisma_migrations (id, checksum, migration_name, rolled_back_at, logs)
     VALUES ($1, $2, $3, now(), $4)`,
    [randomUUID(), checksum, name, logs],
  );
}

/** Records why a migration failed and leaves its entry open: in Prisma's terms it is failed, and a person must settle it before the next run. */
export async function recordFailure(client: Client, id: string, logs: string): Promise<void> {
  await client.query('UPDATE public._prisma_migrations SET logs = $2 WHERE id = $1', [id, logs]);
}

/**
 * The statement that does what `prisma migrate resolve --rolled-back` does: the next run starts the migration again. Prisma's command line
 * runs that command only with its native engine, though just to try the connection: its other engine does the work
 * (test/lambda/migrate/prisma/failures.test.ts).
 * @param name name of a migration whose entry in the history is open
 */
export function rollBackStatement(name: string): string {
  return `UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE migration_name = ${escapeLiteral(name)} AND finished_at IS NULL AND rolled_back_at IS NULL`;
}

/** What a person does about a migration whose entry is open. The statement is at the end, so that it can be copied. */
export function howToResolve(name: string): string {
  return `Compare the database with the file. If all of it is there, run "prisma migrate resolve --applied ${name}". If only a part is there, undo that part first. If nothing of it is there, correct the file, run this as the master user and deploy again ("prisma migrate resolve --rolled-back ${name}" does the same where Prisma's native engine is installed): ${rollBackStatement(name)}`;
}
