import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Recovered, StepError } from '../../lib/contract/drill-state';

/** Schema that the migrations make for recovered tables. */
const SCHEMA = 'recovery';
/** Comment of a table that is not to be kept: one that is found later is a leftover. */
const DROPPED_AFTER = 'made by a restore drill, which drops it again';
const KEPT = 'recovered for a person to use';
/** Largest table to recover, bytes: a limit on the source's disk, and what a function copies within its 15 minutes. */
const MAX_BYTES = 20 * 2 ** 30;

/** Sessions of recovery_user. */
interface RecoverySessions {
  readonly restored: Client;
  readonly source: Client;
}

/** The table to recover, and whether to keep it. */
interface RecoveryOrder {
  readonly table: string;
  /** Name of the execution; the copy's name contains its hash. */
  readonly execution: string;
  readonly keep: boolean;
}

/**
 * Streams one table of the restored database into the source's schema `recovery`, and proves the copy by its row count and checksum.
 * Drops the copy again when it is not to be kept, or when copying failed.
 * @throws StepError TableNotRecovered with the reason
 */
export async function recoverTable(
  { restored, source }: RecoverySessions,
  { table, execution, keep }: RecoveryOrder,
): Promise<Recovered> {
  const started = Date.now();
  const columns = await columnsOf(restored, table);
  const suffix = createHash('sha256').update(execution).digest('hex').slice(0, 12);
  const copy = `${SCHEMA}.${escapeIdentifier(`${table}_${suffix}`)}`;
  await dropLeftovers(source);
  try {
    await create(source, copy, columns, keep ? KEPT : DROPPED_AFTER);
    const names = columns.map(({ name }) => name).join(', ');
    const live = `public.${escapeIdentifier(table)}`;
    await source.query('BEGIN READ WRITE');
    await pipeline(
      restored.query(copyTo(`COPY (SELECT ${names} FROM ${live}) TO STDOUT`)),
      source.query(copyFrom(`COPY ${copy} (${names}) FROM STDIN`)),
    );
    await source.query('COMMIT');
    const [original, copied] = [await fingerprint(restored, live, names), await fingerprint(source, copy, names)];
    if (original.rows !== copied.rows || original.checksum !== copied.checksum) {
      throw new StepError(
        'TableNotRecovered',
        `the copy of ${table} has ${copied.rows} rows with checksum ${copied.checksum}; the restored table has ${original.rows} with ${original.checksum}`,
      );
    }
    if (!keep) await drop(source, copy);
    const seconds = (Date.now() - started) / 1000;
    return { table, copy: copy.replaceAll('"', ''), ...copied, seconds, kept: keep };
  } catch (error) {
    // Errors of the clean-up are ignored, so that the first error stays the reason.
    await source.query('ROLLBACK').catch(() => undefined);
    await drop(source, copy).catch(() => undefined);
    throw error;
  }
}

interface Column {
  /** Quoted as an identifier. */
  readonly name: string;
  readonly definition: string;
}

/** The columns of the restored table; the source may have dropped its own. */
async function columnsOf(restored: Client, table: string): Promise<Column[]> {
  const { rows } = await restored.query<Column & { bytes: string }>(
    `SELECT quote_ident(a.attname) AS name,
            concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END)
              AS definition,
            pg_total_relation_size(c.oid) AS bytes
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relname = $1 AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      ORDER BY a.attnum`,
    [table],
  );
  const [first] = rows;
  if (!first) throw new StepError('TableNotRecovered', `the restored database has no table ${table}`);
  if (Number(first.bytes) > MAX_BYTES) {
    throw new StepError(
      'TableNotRecovered',
      `${table} has ${first.bytes} bytes; allowed: ${MAX_BYTES}, as much as a function copies in its time. Use pg_dump for it`,
    );
  }
  return rows;
}

/** Creates the copy, after dropping what an earlier attempt of this step may have left. Its reader is the schema's owner, who may drop it too. */
async function create(source: Client, copy: string, columns: readonly Column[], comment: string): Promise<void> {
  const { rows } = await source.query<{ owner: string }>(
    "SELECT quote_ident(pg_get_userbyid(nspowner)) AS owner FROM pg_namespace WHERE nspname = 'recovery'",
  );
  const owner = rows[0]?.owner;
  if (owner === undefined) {
    throw new StepError('TableNotRecovered', 'the source has no schema recovery; run the migrations');
  }
  await inWriteTransaction(source, [
    `DROP TABLE IF EXISTS ${copy}`,
    `CREATE TABLE ${copy} (${columns.map(({ definition }) => definition).join(', ')})`,
    `COMMENT ON TABLE ${copy} IS ${escapeLiteral(`${comment}; ${new Date().toISOString()}`)}`,
    `GRANT SELECT ON ${copy} TO ${owner}`,
  ]);
}

async function drop(source: Client, copy: string): Promise<void> {
  await inWriteTransaction(source, [`DROP TABLE IF EXISTS ${copy}`]);
}

/** Drops copies that interrupted drills left, when they are over a day old: a younger one may belong to a drill that still runs. */
async function dropLeftovers(source: Client): Promise<void> {
  const { rows } = await source.query<{ name: string; comment: string }>(
    `SELECT quote_ident(relname) AS name, obj_description(oid, 'pg_class') AS comment FROM pg_class
      WHERE relnamespace = to_regnamespace('recovery') AND relkind = 'r' AND pg_get_userbyid(relowner) = current_user
        AND obj_description(oid, 'pg_class') LIKE $1`,
    [`${DROPPED_AFTER}; %`],
  );
  const dayAgo = Date.now() - 86_400_000;
  for (const { name, comment } of rows) {
    if (Date.parse(comment.slice(DROPPED_AFTER.length + 2)) < dayAgo) await drop(source, `${SCHEMA}.${name}`);
  }
}

/** Row count and sum of the rows' hashes, which does not depend on their order. Servers of one major version hash alike. */
async function fingerprint(
  session: Client,
  table: string,
  columns: string,
): Promise<{ readonly rows: number; readonly checksum: string }> {
  const { rows } = await session.query<{ rows: string; checksum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(row(${columns})::text, 0)::numeric), 0)::text AS checksum FROM ${table}`,
  );
  return { rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? '' };
}

async function inWriteTransaction(source: Client, statements: readonly string[]): Promise<void> {
  await source.query('BEGIN READ WRITE');
  for (const statement of statements) await source.query(statement);
  await source.query('COMMIT');
}
