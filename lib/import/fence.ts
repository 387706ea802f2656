import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { rowOf, rowsOf, type Side } from './session';

/** The schema of a fence; it is dropped with all that belongs to it. */
const SCHEMA = 'import_fence';

/** Whether a database accepts the writes of applications. */
export type Gate = 'no fence' | 'closed' | 'open';

/**
 * A trigger of each table refuses every write while the gate is closed. Unlike a setting, no session can pass it: it fires also with
 * session_replication_role = replica (ENABLE ALWAYS), and a transaction that began earlier does not see a gate that is open. Only the
 * workers of logical replication pass, and sessions that know the key.
 */
const FENCE = (key: string, reason: string) => `
  CREATE SCHEMA ${SCHEMA};
  REVOKE ALL ON SCHEMA ${SCHEMA} FROM PUBLIC;
  CREATE TABLE ${SCHEMA}.gate (open boolean NOT NULL, key text NOT NULL);
  INSERT INTO ${SCHEMA}.gate VALUES (false, ${escapeLiteral(key)});
  CREATE FUNCTION ${SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $function$
    BEGIN
      IF EXISTS (SELECT FROM ${SCHEMA}.gate WHERE open OR key = current_setting('import_fence.key', true))
         OR EXISTS (SELECT FROM pg_stat_activity WHERE pid = pg_backend_pid() AND backend_type LIKE 'logical replication%worker')
      THEN RETURN NULL; END IF;
      RAISE EXCEPTION ${escapeLiteral(reason)} USING ERRCODE = 'read_only_sql_transaction', HINT = 'Write to the other database.';
    END $function$;`;

const TRIGGER = (table: string) => `
  CREATE TRIGGER ${SCHEMA} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${SCHEMA}.refuse();
  ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${SCHEMA};`;

/** All tables that the application can write, quoted. */
const TABLES = `
  SELECT format('%I.%I', nspname, relname) AS table FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
   WHERE relkind IN ('r', 'p') AND nspname NOT IN ('information_schema', '${SCHEMA}', 'import_state') AND nspname !~ '^pg_'
     AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
   ORDER BY 1`;

/** How a database is closed. */
export interface CloseOptions {
  /** Tables of `public` to close; default: all tables of the database. */
  readonly tables?: readonly string[];
  /** Longest wait for the transactions that write now, milliseconds. */
  readonly lockMs: number;
}

/** A transaction of somebody else holds a lock that closing needs. */
export class Busy extends Error {
  constructor() {
    super('a transaction in the database still writes');
  }
}

/** Whether a lock was not to be had in time, or only by a deadlock. */
function isBusy(error: unknown): boolean {
  return ['55P03', '40P01'].includes((error as { readonly code?: string }).code ?? '');
}

/** What the gate of a database is. */
export async function gateOf(side: Side): Promise<Gate> {
  const { found } = await rowOf<{ found: boolean }>(side, `SELECT to_regnamespace('${SCHEMA}') IS NOT NULL AS found`);
  if (!found) return 'no fence';
  const { open } = await rowOf<{ open: boolean }>(side, `SELECT open FROM ${SCHEMA}.gate`);
  return open ? 'open' : 'closed';
}

/**
 * Closes a database for writes: all that were acknowledged before this returns are in the tables, and none is afterwards.
 * @throws Busy where a transaction still writes; then nothing has changed
 */
export async function closeGate(side: Side, { tables, lockMs }: CloseOptions): Promise<void> {
  if ((await gateOf(side)) === 'closed') return;
  const names =
    tables?.map((name) => `public.${escapeIdentifier(name)}`) ??
    (await rowsOf<{ table: string }>(side, TABLES)).map(({ table }) => table);
  if (!(await removeFence(side, lockMs))) throw new Busy();
  const reason =
    side.name === 'source'
      ? 'this database is closed for writes: it has moved'
      : 'this database is closed for writes: another one is moving into it';
  await side.client.query('BEGIN');
  try {
    await side.client.query(`SET LOCAL lock_timeout = ${lockMs}`);
    if (names.length > 0) await side.client.query(`LOCK TABLE ${names.join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
    await side.client.query(FENCE(randomBytes(16).toString('hex'), reason) + names.map(TRIGGER).join(''));
    await side.client.query('COMMIT');
  } catch (error) {
    await side.client.query('ROLLBACK');
    throw isBusy(error) ? new Busy() : error;
  }
}

/** Opens a closed database, in the transaction of the session where it has one. Takes no lock that a reader could delay. */
export async function openGate(side: Side): Promise<void> {
  if ((await gateOf(side)) === 'closed') await side.client.query(`UPDATE ${SCHEMA}.gate SET open = true`);
}

/** Tables that a fence has a trigger on, quoted. */
const FENCED = `
  SELECT tgrelid::regclass::text AS table FROM pg_trigger WHERE tgname = '${SCHEMA}' AND NOT tgisinternal ORDER BY 1`;

/**
 * Removes a fence, which takes a short exclusive lock on one table after another: on two at once there could be a deadlock with a transaction
 * of the application, which has written to one and goes on to the other.
 * @returns false where transactions kept it from the locks; an open gate stays, which refuses nothing
 */
export async function removeFence(side: Side, lockMs = 2000): Promise<boolean> {
  try {
    await side.client.query(`SET lock_timeout = ${lockMs}`);
    for (const { table } of await rowsOf<{ table: string }>(side, FENCED))
      await side.client.query(`DROP TRIGGER IF EXISTS ${SCHEMA} ON ${table}`);
    await side.client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  } finally {
    await side.client.query("SET lock_timeout = '5s'").catch(() => undefined);
  }
}

/** Lets the session write through a closed gate. */
export async function passGate(side: Pick<Side, 'client'>): Promise<void> {
  await side.client.query(`SELECT set_config('import_fence.key', key, false) FROM ${SCHEMA}.gate`);
}
