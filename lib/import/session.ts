import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { open } from '../shared/connection/open';
import type { Target } from '../shared/connection/target';

/** Which of the two databases: the one that is left, or the one that is moved to. */
export type SideName = 'source' | 'target';

/** One of the two databases with a session in it. */
export interface Side {
  readonly name: SideName;
  readonly address: Target;
  readonly client: Client;
}

/** Both databases. */
export interface Sides {
  readonly source: Side;
  readonly target: Side;
}

/** Beginning of the name of every session of an import, in pg_stat_activity. */
const SESSION_NAME = 'import';

/**
 * Settings of every session: values are written as text in the same form by PostgreSQL 13 to 17, names without a schema are those of
 * `public`, and a source that is read-only for all others can be worked on.
 */
const SETTINGS = `
  SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET client_encoding = 'UTF8'; SET search_path = public, pg_catalog;
  SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '5s'`;

/** Longest wait for the end of a session, milliseconds. */
const CLOSE_MS = 2000;

/** How a session may work. */
export interface SessionOptions {
  /** Refuse every write. Default: false. */
  readonly readOnly?: boolean;
  /** End of the session's name. Default: none. */
  readonly part?: string;
}

/**
 * Opens a session of an import.
 * @throws Error with a sentence where nobody can log in
 */
export async function openSession(address: Target, side: SideName, options: SessionOptions = {}): Promise<Client> {
  const { readOnly = false, part } = options;
  const client = await open(address, {
    name: part === undefined ? SESSION_NAME : `${SESSION_NAME} ${part}`,
    failure: `the ${side} cannot be worked on, at`,
    answerSeconds: 0,
  });
  await client.query(`${SETTINGS}; SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`);
  return client;
}

/** Ends a session; one that nobody answers any more is cut off. */
export async function closeSession(client: Client): Promise<void> {
  const ended = client.end().catch(() => undefined);
  await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
  // The driver's connection, which its types leave out.
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream.destroy();
}

/** Runs an action with a session in each database, which are closed afterwards. */
export async function withSides<Result>(
  from: Target,
  to: Target,
  options: SessionOptions,
  action: (sides: Sides) => Promise<Result>,
): Promise<Result> {
  const source = await openSession(from, 'source', options);
  try {
    const target = await openSession(to, 'target', options);
    try {
      return await action({
        source: { name: 'source', address: from, client: source },
        target: { name: 'target', address: to, client: target },
      });
    } finally {
      await closeSession(target);
    }
  } finally {
    await closeSession(source);
  }
}

/**
 * Runs an action in a new session of a side, after the old one has certainly ended: what that one was about to do is then done or not.
 * @param pid process of the old session in the server
 * @throws Error with a sentence where nobody can log in
 */
export async function afterSession<Result>(
  side: Side,
  pid: number,
  action: (side: Side) => Promise<Result>,
): Promise<Result> {
  const client = await openSession(side.address, side.name);
  const fresh = { ...side, client };
  try {
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1', [pid]);
    for (let i = 0; (await rowsOf(fresh, 'SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).length > 0; i++) {
      if (i > 100) throw new Error(`the session ${pid} of the ${side.name} does not end`);
      await client.query('SELECT pg_sleep(0.05)');
    }
    return await action(fresh);
  } finally {
    await closeSession(client);
  }
}

/** The process of a session in its server. */
export async function pidOf(side: Side): Promise<number> {
  return (await rowOf<{ pid: number }>(side, 'SELECT pg_backend_pid() AS pid')).pid;
}

/** The rows of a query. */
export async function rowsOf<Row extends object>(
  { client }: Pick<Side, 'client'>,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await client.query<Row>(sql, values)).rows;
}

/**
 * The only row of a query.
 * @throws Error where there is none
 */
export async function rowOf<Row extends object>(
  side: Pick<Side, 'client'>,
  sql: string,
  values: unknown[] = [],
): Promise<Row> {
  const [row] = await rowsOf<Row>(side, sql, values);
  if (row === undefined) throw new Error('a query that always has a row returned none');
  return row;
}
