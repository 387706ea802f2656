import { rowOf, rowsOf, type Side, type Sides } from '../session';
import type { MoveState } from './state';

/** The schema of the target that contains the state of an import. */
const STATE_SCHEMA = 'import_state';

const MAKE = `
  CREATE SCHEMA IF NOT EXISTS ${STATE_SCHEMA};
  CREATE TABLE IF NOT EXISTS ${STATE_SCHEMA}.move (one boolean PRIMARY KEY DEFAULT true CHECK (one), state jsonb NOT NULL);
  CREATE TABLE IF NOT EXISTS ${STATE_SCHEMA}.checked_range (
    table_name text, range_start text, rows bigint NOT NULL, checksum numeric NOT NULL, source_xid text NOT NULL,
    PRIMARY KEY (table_name, range_start))`;

/** The state of the import into a target; undefined: there is none. */
export async function loadState(target: Side): Promise<MoveState | undefined> {
  const { found } = await rowOf<{ found: boolean }>(
    target,
    `SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'move' AND relnamespace = to_regnamespace('${STATE_SCHEMA}')) AS found`,
  );
  if (!found) return undefined;
  const [row] = await rowsOf<{ state: MoveState }>(target, `SELECT state FROM ${STATE_SCHEMA}.move`);
  return row?.state;
}

/** Writes the state, in the transaction of the session where it has one. */
export async function saveState(target: Side, state: MoveState): Promise<void> {
  await target.client.query(
    `INSERT INTO ${STATE_SCHEMA}.move (state) VALUES ($1) ON CONFLICT (one) DO UPDATE SET state = excluded.state`,
    [JSON.stringify(state)],
  );
}

/** Makes the schema of the state where it is missing. */
export async function makeStateSchema(target: Side): Promise<void> {
  await target.client.query(MAKE);
}

/** Forgets an import. */
export async function dropState(target: Side): Promise<void> {
  await target.client.query(`DROP SCHEMA IF EXISTS ${STATE_SCHEMA} CASCADE`);
}

/** Number of the advisory lock that each step but `plan` and `status` holds in both databases: "import" in ASCII. */
const LOCK = 0x69_6d_70_6f_72_74;

/**
 * Keeps every other import away from both databases until the sessions end.
 * @throws Error with a sentence where another one works on one of them
 */
export async function lockImport({ source, target }: Sides): Promise<void> {
  for (const side of [target, source]) await lockSide(side);
}

async function lockSide(side: Side): Promise<void> {
  const { locked } = await rowOf<{ locked: boolean }>(side, `SELECT pg_try_advisory_lock(${LOCK}) AS locked`);
  if (locked) return;
  const [holder] = await rowsOf<{ pid: number; since: string }>(
    side,
    `SELECT activity.pid, to_char(backend_start, 'HH24:MI:SS "UTC"') AS since FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = ${LOCK}`,
  );
  const who = holder ? `, process ${holder.pid} since ${holder.since}` : '';
  throw new Error(
    `another import works on this ${side.name}${who}; this one has changed nothing; wait for its end, or end its session with pg_terminate_backend`,
  );
}

/**
 * The state of the import that a step goes on with.
 * @throws Error with a sentence where there is none, or it is about another source
 */
export async function requireState(target: Side, source: Side): Promise<MoveState> {
  const state = await loadState(target);
  if (!state) throw new Error('no import was started into this target; begin with the step start');
  await requireSource(state, source);
  return state;
}

/**
 * @throws Error with a sentence where the import into a target is about another source
 */
export async function requireSource(state: MoveState, source: Side): Promise<void> {
  if (state.sourceId !== (await idOf(source)))
    throw new Error(
      `this target is filled from ${state.source}, and ${nameOf(source)} is another database; give the address of that one, or end that import with the step finish`,
    );
}

/** Tells a database from all others, also behind another address: the identifier that initdb gave its server, and its name. */
export async function idOf(side: Side): Promise<string> {
  const sql = "SELECT system_identifier || '/' || current_database() AS id FROM pg_control_system()";
  return (await rowOf<{ id: string }>(side, sql)).id;
}

/** Host, port and database. */
export function nameOf({ address: { host, port, database } }: Side): string {
  return `${host}:${port}/${database}`;
}
