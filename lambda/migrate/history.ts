import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Migration } from '../../lib/contract/migrations';

/** A migration in Prisma's migration history that is neither rolled back nor forgotten. */
export interface HistoryEntry {
  readonly id: string;
  readonly name: string;
  readonly checksum: string;
  /** False while it runs, or after a failure that a person must look at. */
  readonly finished: boolean;
  readonly startedAt: Date;
  /** Why it failed. */
  readonly logs: string | null;
}

/**
 * Prisma's table, column by column, so that `prisma migrate` and this project can take turns (prisma-engines,
 * schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs). With its schema, because a migration may change the
 * search path.
 *
 * How Prisma fills it (the same folder's sql_migration_persistence.rs, and commands/src/commands/apply_migrations.rs): a row when a
 * file begins; after it applied_steps_count 1 and finished_at, logs NULL; after a failure logs alone. `migrate resolve --applied`
 * writes a row with logs '' and no step, `--rolled-back` sets rolled_back_at. `migrate deploy` refuses while a row is neither finished
 * nor rolled back (P3009). Read from the sources, not seen at work: Prisma's engine is not installed with this project.
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
 * Makes the history where there is none.
 * @throws Error when the database has tables all the same: like Prisma, it is not for us to guess which migrations made them
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
        'state each migration that it has with "prisma migrate resolve --applied <name>"',
    );
  }
  await client.query(CREATE_HISTORY);
}

/** What the history says, without what was rolled back. */
export async function readHistory(client: Client): Promise<HistoryEntry[]> {
  const { rows } = await client.query<HistoryEntry>(
    `SELECT id, migration_name AS name, checksum, finished_at IS NOT NULL AS finished, started_at AS "startedAt", logs
       FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** Writes that a migration begins; returns the entry's id. */
export async function recordStart(client: Client, { name, checksum }: Migration): Promise<string> {
  const id = randomUUID();
  await client.query('INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  return id;
}

/** Writes that it is done; Prisma counts a migration as one step. */
export async function recordSuccess(client: Client, id: string): Promise<void> {
  await client.query(
    'UPDATE public._prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1, logs = NULL WHERE id = $1',
    [id],
  );
}

/** Writes that it failed and left nothing behind, in Prisma's terms rolled back: the next run starts it anew. */
export async function recordRollback(client: Client, id: string, logs: string): Promise<void> {
  await client.query('UPDATE public._prisma_migrations SET rolled_back_at = now(), logs = $2 WHERE id = $1', [
    id,
    logs,
  ]);
}

/** Writes an entry for a migration whose transaction, and with it its first entry, was rolled back. */
export async function recordRolledBack(client: Client, { name, checksum }: Migration, logs: string): Promise<void> {
  await client.query(
    `INSERT INTO public._prisma_migrations (id, checksum, migration_name, rolled_back_at, logs)
     VALUES ($1, $2, $3, now(), $4)`,
    [randomUUID(), checksum, name, logs],
  );
}

/** Writes why it failed and leaves it open, in Prisma's terms failed: a person must look before the next run. */
export async function recordFailure(client: Client, id: string, logs: string): Promise<void> {
  await client.query('UPDATE public._prisma_migrations SET logs = $2 WHERE id = $1', [id, logs]);
}
