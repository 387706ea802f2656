import { type Client, DatabaseError } from 'pg';
import type { CollectedQuery } from '../../lib/contract/collected-query';
import { connect, type ConnectOptions } from '../../lib/contract/database-client';
import { OWN_ROWS, type OwnRow } from '../../lib/contract/own-rows';
import { errorCode } from '../shared/errors';
import type { CollectedServer } from './env';
import { type CollectorState, readState, STATE_TABLE, type StoredState, writeState } from './state';
import { READ_ONLY, readWrite } from './transaction';
import { AS_TEXT, checkedRows, type CheckedRows, type Row, type TextRow } from './values';

/** A query that failed on a server that is up. */
export interface QueryFailure {
  /** Name of the query or of the collector's own table. */
  readonly query: string;
  /** SQLSTATE, why the query was not sent, or which column cannot be published. Never SQL text and never a value. */
  readonly reason: string;
}

/** Result of one pass on one server. */
export type ServerReading = AnsweringServer | SilentServer;

/** A server that let the collector log in and answered until the end of the pass. */
export interface AnsweringServer {
  readonly server: string;
  readonly up: true;
  /** Whether the server says that it is a replica: after a promotion its name may not fit. */
  readonly inRecovery: boolean;
  /** When the reading began and ended, by the server's clock, seconds since 1970. */
  readonly began: number;
  readonly ended: number;
  /** Not on a replica, and not where it cannot be read. */
  readonly stored?: StoredState;
  /** Rows of each query that was sent and succeeded. */
  readonly answers: ReadonlyMap<string, readonly Row[]>;
  readonly failures: readonly QueryFailure[];
}

/** A server that is down. */
interface SilentServer {
  readonly server: string;
  readonly up: false;
  /** The error's code or message, which contains no secret. */
  readonly reason: string;
}

/** Makes the log-in for one session; the password may be a token that is valid for minutes. */
type ServerLogin = () => Promise<Pick<ConnectOptions, 'database' | 'user' | 'password' | 'ca'>>;

/** Cached rows of a query. */
interface CachedRows {
  /** When they expire, ms since 1970. */
  readonly until: number;
  readonly checked: CheckedRows;
}

const CONNECT_TIMEOUT_MS = 4000;
const STATEMENT_TIMEOUT_MS = 4000;
/** Longer than STATEMENT_TIMEOUT_MS, so that only a server that has stopped answering reaches it. */
const ANSWER_TIMEOUT_MS = 5000;
/** When a statement runs, by the server's clock, seconds since 1970. */
const CLOCK = 'EXTRACT(epoch FROM clock_timestamp())::float8 AS at';
/** Half of the time between two passes. Rows that expire sooner than this are read again, so that a pass that starts early does not keep them. */
const EARLY_MS = 30_000;
/** No query starts later in a pass. With one last log-in and answer, a pass takes under 30 s of the function's 50 s. */
const PASS_MS = 15_000;

/** Queries one server, over a session that is kept from pass to pass. */
export class ServerReader {
  private client: Client | undefined;
  /** A prepared plan fails when the types of its columns have changed; a new session plans again. */
  private needsNewSession = false;
  private readonly cache = new Map<string, CachedRows>();

  constructor(
    private readonly server: CollectedServer,
    private readonly queries: readonly CollectedQuery[],
    private readonly login: ServerLogin,
  ) {}

  /**
   * One pass. Never throws: a server that does not answer is returned as down.
   * @param now time of the pass, by which cached rows expire
   */
  async read(now: Date): Promise<ServerReading> {
    const server = this.server.name;
    const deadline = Date.now() + PASS_MS;
    try {
      // A failover may have ended the session of the last pass: only a new session that fails proves that the server is down.
      return await this.ask(now, deadline).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return this.ask(now, deadline);
      });
    } catch (error) {
      return { server, up: false, reason: errorCode(error) };
    }
  }

  /**
   * Keeps the state for the next pass, in place of the one that this pass read. Never throws.
   * @returns whether it is kept; not where another collector has counted meanwhile
   */
  async remember(version: number, state: CollectorState): Promise<Outcome<boolean>> {
    try {
      const client = this.client;
      return client ? { failed: false, value: await writeState(client, version, state) } : NO_SESSION;
    } catch (error) {
      this.endSession();
      return { failed: true, reason: errorCode(error) };
    }
  }

  private async ask(now: Date, deadline: number): Promise<AnsweringServer> {
    if (this.needsNewSession) this.endSession();
    try {
      const client = (this.client ??= await this.connect());
      const begin = await client.query<{ in_recovery: boolean; at: number }>(
        `SELECT pg_is_in_recovery() AS in_recovery, ${CLOCK}`,
      );
      const inRecovery = begin.rows[0]?.in_recovery === true;
      const own = inRecovery ? { failures: [] } : await ownRows(client);
      const answered = await this.askQueries(client, inRecovery, now, deadline);
      // A session's advisory locks would outlive the transaction of the query that took them.
      const end = await client.query<{ at: number }>(`SELECT pg_advisory_unlock_all(), ${CLOCK}`);
      return {
        ...{ server: this.server.name, up: true, inRecovery, answers: answered.answers },
        ...{ began: begin.rows[0]?.at ?? NaN, ended: end.rows[0]?.at ?? NaN },
        ...own,
        failures: [...own.failures, ...answered.failures],
      };
    } catch (error) {
      this.endSession();
      throw error;
    }
  }

  private async askQueries(
    client: Client,
    inRecovery: boolean,
    now: Date,
    deadline: number,
  ): Promise<Pick<AnsweringServer, 'answers' | 'failures'>> {
    const answers = new Map<string, readonly Row[]>();
    const failures: QueryFailure[] = [];
    for (const query of this.queries.filter(({ primaryOnly }) => !primaryOnly || !inRecovery)) {
      const outcome = Date.now() > deadline ? OUT_OF_TIME : await attempt(() => this.rowsOf(client, query, now));
      if (outcome.failed) {
        failures.push({ query: query.name, reason: outcome.reason });
        this.needsNewSession = true;
        continue;
      }
      const { rows, faults } = outcome.value;
      answers.set(query.name, rows);
      if (faults.length > 0) failures.push({ query: query.name, reason: faults.join('; ') });
    }
    return { answers, failures };
  }

  private endSession(): void {
    void this.client?.end().catch(() => undefined);
    this.client = undefined;
    this.needsNewSession = false;
  }

  private async rowsOf(client: Client, query: CollectedQuery, now: Date): Promise<CheckedRows> {
    const { name, sql, cacheSeconds } = query;
    const cached = this.cache.get(name);
    if (cached && cached.until > now.getTime() + EARLY_MS) return cached.checked;
    // Named, so that the server plans it once per session and not in each pass.
    const checked = checkedRows(query, await client.query<TextRow>({ name, text: sql, types: AS_TEXT }));
    const share = cached ? 1 : this.firstShare(query);
    if (cacheSeconds > 0) this.cache.set(name, { until: now.getTime() + cacheSeconds * 1000 * share, checked });
    return checked;
  }

  /**
   * The share of cacheSeconds for which the first rows of a query are cached. Queries with the same cacheSeconds get different shares, so
   * that expensive queries do not all run in the same pass.
   */
  private firstShare(query: CollectedQuery): number {
    const alike = this.queries.filter(({ cacheSeconds }) => cacheSeconds === query.cacheSeconds);
    return (alike.indexOf(query) + 1) / alike.length;
  }

  private async connect(): Promise<Client> {
    const client = await connect({
      ...this.server,
      ...(await this.login()),
      applicationName: 'collector',
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      queryTimeoutMs: ANSWER_TIMEOUT_MS,
    });
    // JIT compilation takes longer than any of these queries, and parallel workers are left to the application. The style is the one in
    // which times are parsed.
    await client.query(
      `SET statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET jit = off; SET max_parallel_workers_per_gather = 0; SET datestyle = ISO; ${READ_ONLY}`,
    );
    return client;
  }
}

/** A value, or why there is none. */
export type Outcome<T> =
  { readonly failed: false; readonly value: T } | { readonly failed: true; readonly reason: string };

/** Writes the collector's rows on the primary, and reads its state. */
async function ownRows(client: Client): Promise<Pick<AnsweringServer, 'stored' | 'failures'>> {
  const failures: QueryFailure[] = [];
  for (const row of OWN_ROWS) {
    const { name } = row;
    const outcome = await attempt(() => writeWhenDue(client, row));
    if (outcome.failed) failures.push({ query: name, reason: outcome.reason });
  }
  const state = await attempt(() => readState(client));
  if (!state.failed) return { stored: state.value, failures };
  return { failures: [...failures, { query: STATE_TABLE, reason: state.reason }] };
}

/** The question is named, so that the server plans it once per session. */
async function writeWhenDue(client: Client, { name, due, sql }: OwnRow): Promise<void> {
  if (due !== undefined) {
    const { rows } = await client.query<[boolean]>({ name: `${name}_due`, text: due, rowMode: 'array' });
    if (rows[0]?.[0] !== true) return;
  }
  await client.query(readWrite(sql));
}

const NO_SESSION = { failed: true, reason: 'the session was lost' } as const;
const OUT_OF_TIME = { failed: true, reason: 'the pass was out of time' } as const;

/**
 * Returns the failure of a query, and throws the failure of a session.
 * @throws the error when the session is lost: a FATAL error ends it, and an error that is not PostgreSQL's means that the server stopped
 *   answering
 */
async function attempt<T>(action: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { failed: false, value: await action() };
  } catch (error) {
    if (error instanceof DatabaseError && error.severity === 'ERROR') return { failed: true, reason: errorCode(error) };
    throw error;
  }
}
