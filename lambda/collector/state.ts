import { createHash } from 'node:crypto';
import { type Client, escapeLiteral, type QueryResult } from 'pg';
import { readWrite } from './transaction';

/** Table with the collector's state, in one row. */
export const STATE_TABLE = 'collector_state';

/** The last values of counters and fingerprints, by server, as they are kept in the database. */
export type CollectorState = Readonly<Record<string, ServerState>>;

/** The last values of one server. */
export interface ServerState {
  /** When they had been read, by the server's clock, seconds since 1970. */
  readonly readAt: number;
  /** By `stateKey`. */
  readonly values: Readonly<Record<string, number>>;
}

/** A state, and how often it has been written. */
export interface StoredState {
  readonly version: number;
  readonly state: CollectorState;
}

/** The key of a value: the values of a query that changed start again, so that a deployment that changes a fingerprint's SQL is no changed setting. */
export function stateKey(metric: string, sql: string, labels: readonly unknown[]): string {
  return JSON.stringify([metric, createHash('sha256').update(sql).digest('base64url').slice(0, 8), ...labels]);
}

/** The metric of a key. */
export function metricOf(key: string): unknown {
  return (JSON.parse(key) as unknown[])[0];
}

/**
 * Reads what the last pass of any collector kept. Before the first pass there is nothing.
 * @throws the driver's error
 */
export async function readState(client: Client): Promise<StoredState> {
  const { rows } = await client.query<{ version: string; state: CollectorState }>(
    `SELECT version, state FROM ${STATE_TABLE}`,
  );
  const [row] = rows;
  return row ? { version: Number(row.version), state: row.state } : { version: 0, state: {} };
}

/**
 * Replaces the state that was read as `version`.
 * @returns false when another collector has replaced it since: then that one has counted what happened before
 * @throws the driver's error
 */
export async function writeState(client: Client, version: number, state: CollectorState): Promise<boolean> {
  // Several statements in one message take no parameters; the driver types them as one result.
  const results = (await client.query(
    readWrite(`INSERT INTO ${STATE_TABLE} (id, version, state) VALUES (1, ${version + 1}, ${escapeLiteral(JSON.stringify(state))})
      ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state
      WHERE ${STATE_TABLE}.version = ${version}`),
  )) as unknown as readonly QueryResult[];
  return results.at(-1)?.rowCount === 1;
}
