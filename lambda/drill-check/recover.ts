import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { type Client, escapeIdentifier } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Recovered, StepError } from '../../lib/contract/drill/state';
import { isPostgresError } from '../shared/errors';

/** Days after which a person should have dropped a copy: it holds customers' data outside of the table's own permissions. */
const KEPT_DAYS = 7;
/** Largest table to recover, bytes: a limit on the source's disk, and what a function copies within its 15 minutes. */
const MAX_BYTES = 20 * 2 ** 30;
/** SQLSTATEs of a schema or function that does not exist. */
const NOT_MIGRATED = ['3F000', '42883'];

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
 * The functions of that schema make, keep and drop copies: recovery_user may create nothing itself. Drops the copy again when it is not to be
 * kept, or when copying failed. There is one kept copy at a time.
 * @throws StepError TableNotRecovered with the reason
 */
export async function recoverTable(
  { restored, source }: RecoverySessions,
  { table, execution, keep }: RecoveryOrder,
): Promise<Recovered> {
  const started = Date.now();
  // Types of other schemas are then named with their schema, and no name of a table or function means anything else.
  for (const session of [restored, source]) await session.query('SET search_path TO pg_catalog, pg_temp');
  const columns = await columnsOf(restored, table);
  const suffix = createHash('sha256').update(execution).digest('hex').slice(0, 12);
  const name = `${table}_${suffix}`;
  const copy = `recovery.${escapeIdentifier(name)}`;
  await write(source, 'SELECT recovery.drop_leftovers()');
  if (keep) await refuseAnother(source, name);
  const isNew = await createCopy(source, name, columns);
  try {
    const names = columns.map((column) => escapeIdentifier(column.name)).join(', ');
    const live = `public.${escapeIdentifier(table)}`;
    if (isNew) {
      await source.query('BEGIN READ WRITE');
      await pipeline(
        restored.query(copyTo(`COPY (SELECT ${names} FROM ${live}) TO STDOUT`)),
        source.query(copyFrom(`COPY ${copy} (${names}) FROM STDIN`)),
      );
      await source.query('COMMIT');
    }
    await source.query('SELECT recovery.require_copy($1)', [name]);
    const [original, copied] = [await fingerprint(restored, live, names), await fingerprint(source, copy, names)];
    if (original.rows !== copied.rows || original.checksum !== copied.checksum) {
      throw new StepError(
        'TableNotRecovered',
        `the copy of ${table} has ${copied.rows} rows with checksum ${copied.checksum}; the restored table has ${original.rows} with ${original.checksum}`,
      );
    }
    if (isNew) await write(source, `SELECT recovery.${keep ? 'keep_copy' : 'drop_copy'}($1)`, [name]);
    const seconds = (Date.now() - started) / 1000;
    return { table, copy: copy.replaceAll('"', ''), ...copied, seconds, kept: keep };
  } catch (error) {
    // Errors of the clean-up are ignored, so that the first error stays the reason.
    await source.query('ROLLBACK').catch(() => undefined);
    await write(source, 'SELECT recovery.drop_copy($1)', [name]).catch(() => undefined);
    throw error;
  }
}

interface Column {
  readonly name: string;
  /** With its schema, unless it is PostgreSQL's own. */
  readonly type: string;
  readonly required: boolean;
}

/** The columns of the restored table; the source may have dropped its own. */
async function columnsOf(restored: Client, table: string): Promise<Column[]> {
  const { rows } = await restored.query<Column & { bytes: string }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
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

/** Makes the empty copy. Returns false when an earlier attempt of this step has completed and kept it. */
async function createCopy(source: Client, name: string, columns: readonly Column[]): Promise<boolean> {
  const created = await write<{ created: boolean }>(source, 'SELECT recovery.create_copy($1, $2, $3, $4) AS created', [
    name,
    columns.map((column) => column.name),
    columns.map(({ type }) => type),
    columns.map(({ required }) => required),
  ]);
  return created?.created === true;
}

interface KeptCopy {
  readonly name: string;
  readonly keptAt: Date;
}

/** The copies that people keep: the functions of the schema say so in the comment of each. */
async function keptCopies(source: Client): Promise<KeptCopy[]> {
  const { rows } = await source.query<{ name: string; kept_at: string }>(
    `SELECT relname AS name, substring(obj_description(oid, 'pg_class') FROM '^recovered for a person to use; (.+)$') AS kept_at
       FROM pg_catalog.pg_class
      WHERE relnamespace = to_regnamespace('recovery') AND relkind = 'r'
        AND obj_description(oid, 'pg_class') LIKE 'recovered for a person to use; %'
      ORDER BY 1`,
  );
  return rows.map(({ name, kept_at }) => ({ name, keptAt: new Date(kept_at) }));
}

/**
 * Drops copies that interrupted drills left, and those that a person has kept for 30 days.
 * @returns the names of copies that a person has kept for longer than KEPT_DAYS
 */
export async function sweepCopies(source: Client): Promise<string[]> {
  await write(source, 'SELECT recovery.drop_leftovers()');
  const overdue = (await keptCopies(source)).filter(
    ({ keptAt }) => Date.now() - keptAt.getTime() > KEPT_DAYS * 86_400_000,
  );
  return overdue.map(({ name }) => `recovery.${name}`);
}

async function refuseAnother(source: Client, copy: string): Promise<void> {
  const another = (await keptCopies(source)).find(({ name }) => name !== copy);
  if (!another) return;
  throw new StepError(
    'TableNotRecovered',
    `recovery.${another.name} of ${another.keptAt.toISOString()} is still there; allowed: one copy at a time. Drop it when nobody needs it`,
  );
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

/** Calls a function of the schema recovery in a transaction that may write. */
async function write<Row extends object>(
  source: Client,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row | undefined> {
  await source.query('BEGIN READ WRITE');
  try {
    const { rows } = await source.query<Row>(sql, [...values]);
    await source.query('COMMIT');
    return rows[0];
  } catch (error) {
    await source.query('ROLLBACK').catch(() => undefined);
    if (isPostgresError(error) && NOT_MIGRATED.includes(error.code)) {
      throw new StepError('TableNotRecovered', 'the source has no schema recovery, or an old one; run the migrations');
    }
    throw error;
  }
}
