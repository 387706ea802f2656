import { APPLICATION_TABLES } from '../contract/tables';
import { pipeline } from 'node:stream/promises';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Target } from '../shared/connection/target';
import { run, session } from './sessions';

/** Database of the copy, dropped afterwards. */
const COPY = 'bare_copy';

/** Indexes that no constraint needs: an import builds them after the rows. */
const INDEXES = `
  SELECT indexrelid::regclass::text AS name FROM pg_index
    JOIN pg_class ON pg_class.oid = indrelid AND relnamespace = 'public'::regnamespace
   WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`;

/**
 * Copies all rows as fast as plain COPY does: one table after another into a database with the target's schema, without the indexes that no
 * constraint needs. What an import takes to copy the same rows is compared with it.
 * @param to the target, migrated and empty; nobody else may be logged in
 * @returns seconds
 */
export async function bareCopySeconds(from: Target, to: Target): Promise<number> {
  const server = { ...to, database: 'postgres' };
  const [original] = await run<{ owner: string }>(
    server,
    `SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = ${escapeLiteral(to.database)}`,
  );
  // The owner of the database owns the schema public, as which foreign keys are checked.
  await run(
    server,
    `CREATE DATABASE ${COPY} TEMPLATE ${escapeIdentifier(to.database)} OWNER ${escapeIdentifier(original?.owner ?? to.user)}`,
  );
  const [reader, writer] = [await session(from), await session({ ...to, database: COPY })];
  try {
    for (const { name } of (await writer.query<{ name: string }>(INDEXES)).rows)
      await writer.query(`DROP INDEX ${name}`);
    const started = performance.now();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    for (const table of APPLICATION_TABLES) {
      const columns = await columnsOf(from, table);
      const rows = reader.query(copyTo(`COPY ${table} (${columns}) TO STDOUT`));
      await pipeline(rows, writer.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`)));
    }
    await reader.query('COMMIT');
    return (performance.now() - started) / 1000;
  } finally {
    await Promise.all([reader.end(), writer.end()]);
    await run(server, `DROP DATABASE ${COPY} WITH (FORCE)`);
  }
}

/** Columns of a table in the source: the target may have them in another order, and more of them. */
async function columnsOf(from: Target, table: string): Promise<string> {
  const [row] = await run<{ columns: string }>(
    from,
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
      WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
  );
  return row?.columns ?? '';
}
