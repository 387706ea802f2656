import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Migration } from './migrations';

/** A migration in Prisma's book that is neither rolled back nor forgotten. */
export interface BookEntry {
  readonly name: string;
  readonly checksum: string;
  /** False while it runs, or after a failure that a person must look at. */
  readonly finished: boolean;
}

/** Prisma's table, column by column, so that `prisma migrate` and this project can take turns. */
const CREATE_BOOK = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36)  PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64)  NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ  NOT NULL DEFAULT now(),
    applied_steps_count INTEGER      NOT NULL DEFAULT 0
  )`;

/** Makes the book where there is none. */
export async function openBook(client: Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists",
  );
  if (!rows[0]?.exists) await client.query(CREATE_BOOK);
}

/** What the book says, without what was rolled back. */
export async function readBook(client: Client): Promise<BookEntry[]> {
  const { rows } = await client.query<BookEntry>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** Writes that a migration begins; returns the entry's id. */
export async function recordStart(client: Client, { name, checksum }: Migration): Promise<string> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  return id;
}

/** Writes that it is done; Prisma counts a migration as one step. */
export async function recordSuccess(client: Client, id: string): Promise<void> {
  await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
}

/** Writes that it failed and left nothing behind, in Prisma's terms rolled back: the next run starts it anew. */
export async function recordRollback(client: Client, id: string, logs: string): Promise<void> {
  await client.query('UPDATE _prisma_migrations SET rolled_back_at = now(), logs = $2 WHERE id = $1', [id, logs]);
}
