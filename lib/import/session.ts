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
export const SESSION_NAME = 'import';

/**
 * Settings of every session: values are written as text in the same form by PostgreSQL 13 to 17, names without a schema are those of
 * `public`, and a source that is read-only for all others can be worked on.
 */
const SETTINGS = `
  SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET client_encoding = 'UTF8'; SET search_path = public, pg_catalog;
  SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '5s'`;

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
      await target.end().catch(() => undefined);
    }
  } finally {
    await source.end().catch(() => undefined);
  }
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
