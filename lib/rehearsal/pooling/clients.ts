import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Client } from 'pg';
import { percentile } from '../../benchmark/clients/statistics';
import { connect, type ConnectOptions } from '../../contract/database-client';

/** What many clients at once got from an address. */
export interface ClientFigures {
  /** Clients that got a session. */
  readonly served: number;
  /** Clients that got none, by SQLSTATE or error code. */
  readonly refused: Readonly<Record<string, number>>;
  /** From the first log-in to the last, seconds. */
  readonly connectSeconds: number;
  readonly transactions: number;
  /** Transactions that failed, by SQLSTATE or error code. */
  readonly failed: Readonly<Record<string, number>>;
  readonly transactionsPerSecond: number;
  /** Time of a transaction as a client sees it, ms; undefined where there was none. */
  readonly medianMs?: number;
  readonly p95Ms?: number;
  /** Most client sessions that the server had at the same time. */
  readonly serverSessions: number;
}

/** Options of runClients. */
export interface ClientsOptions {
  readonly login: ConnectOptions;
  /** Clients that log in. */
  readonly clients: number;
  /** How long those that have a session send transactions, one after another, seconds. */
  readonly seconds: number;
  /** One transaction of a client. */
  readonly transaction: (client: Client) => Promise<void>;
  /** Client sessions that the server has now. */
  readonly countSessions: () => Promise<number>;
}

/** Log-ins at the same time. More would only wait for the processor. */
const LOG_INS_AT_ONCE = 16;
/** A log-in waits for the processor as well, beside the other clients. */
const CONNECT_TIMEOUT_MS = 30_000;
const SAMPLE_MS = 250;

/** Logs in with many clients, lets all of them work at the same time, and ends their sessions. */
export async function runClients(options: ClientsOptions): Promise<ClientFigures> {
  const started = performance.now();
  const { sessions, refused } = await logIn(options);
  const connectSeconds = (performance.now() - started) / 1000;
  try {
    const work = await letWork(sessions, options);
    const { times, failed, seconds, serverSessions } = work;
    return {
      served: sessions.length,
      refused,
      connectSeconds,
      transactions: times.length,
      failed,
      transactionsPerSecond: times.length / seconds,
      ...(times.length > 0 && { medianMs: percentile(times, 0.5), p95Ms: percentile(times, 0.95) }),
      serverSessions,
    };
  } finally {
    await Promise.all(sessions.map((session) => session.end().catch(() => undefined)));
  }
}

async function logIn({
  login,
  clients,
}: ClientsOptions): Promise<{ sessions: Client[]; refused: Record<string, number> }> {
  const sessions: Client[] = [];
  const refused: Record<string, number> = {};
  let left = clients;
  const logInInTurn = async () => {
    while (left-- > 0) {
      try {
        sessions.push(await connect({ ...login, connectTimeoutMs: CONNECT_TIMEOUT_MS }));
      } catch (error) {
        count(refused, error);
      }
    }
  };
  await Promise.all(Array.from({ length: LOG_INS_AT_ONCE }, logInInTurn));
  return { sessions, refused };
}

async function letWork(sessions: readonly Client[], { seconds: limit, transaction, countSessions }: ClientsOptions) {
  const times: number[] = [];
  const failed: Record<string, number> = {};
  let serverSessions = 0;
  const started = performance.now();
  const until = started + limit * 1000;
  const work = async (session: Client) => {
    while (performance.now() < until) {
      const began = performance.now();
      try {
        await transaction(session);
        times.push(performance.now() - began);
      } catch (error) {
        count(failed, error);
        await nextTurn();
      }
    }
  };
  let working = true;
  const sample = async () => {
    while (working) {
      serverSessions = Math.max(serverSessions, await countSessions());
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  };
  const workAll = async () => {
    await Promise.all(sessions.map(work));
    working = false;
    return (performance.now() - started) / 1000;
  };
  const [seconds] = await Promise.all([workAll(), sample()]);
  return { times, failed, seconds, serverSessions };
}

function count(counts: Record<string, number>, error: unknown): void {
  const { code, message } = error as { code?: string; message?: string };
  const key = code ?? message ?? String(error);
  counts[key] = (counts[key] ?? 0) + 1;
}
