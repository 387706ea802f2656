import { escapeIdentifier } from 'pg';
import type { MovedTable } from '../plan/moved-table';
import { rowsOf, type Side } from '../session';

/**
 * The indexes of tables that no constraint needs: not unique, not of a key. A copy is faster without them, and the apply worker finds
 * rows by the primary key.
 */
export async function secondaryIndexes(
  target: Side,
  tables: readonly MovedTable[],
): Promise<{ readonly name: string; readonly definition: string }[]> {
  return rowsOf(
    target,
    `SELECT entry.relname AS name, pg_get_indexdef(indexrelid) AS definition
       FROM pg_index JOIN pg_class AS entry ON entry.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
      WHERE owner.relname = ANY ($1) AND owner.relnamespace = 'public'::regnamespace AND NOT indisunique
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
      ORDER BY pg_relation_size(indrelid) DESC, entry.relname`,
    [tables.map(({ name }) => name)],
  );
}

/** Drops indexes of `public` where they exist. */
export async function dropIndexes(target: Side, names: readonly string[]): Promise<void> {
  if (names.length > 0)
    await target.client.query(
      `DROP INDEX IF EXISTS ${names.map((name) => `public.${escapeIdentifier(name)}`).join(', ')}`,
    );
}

/** Makes an index that `secondaryIndexes` described, where it is missing. */
export async function buildIndex(target: Side, definition: string): Promise<void> {
  await target.client.query(`SET maintenance_work_mem = '256MB'; SET lock_timeout = 0`);
  try {
    await target.client.query(definition.replace(/^CREATE INDEX /, 'CREATE INDEX IF NOT EXISTS '));
  } finally {
    await target.client.query("RESET maintenance_work_mem; SET lock_timeout = '5s'").catch(() => undefined);
  }
}
