import { type Client, DatabaseError } from 'pg';
import type { CollectedQuery } from '../../lib/contract/collected-query';
import { connect, type ConnectOptions } from '../../lib/contract/database-client';
import type { CollectedServer } from './env';
import { OWN_ROWS } from '../../lib/contract/own-rows';

/** A row of a query. PostgreSQL's bigint and numeric come as text. */
export type Row = Readonly<Record<string, unknown>>;

/** A query that failed on a server that answers. */
export interface QueryFailure {
  /** Name of the query or of the collector's own table. */
  readonly query: string;
  /** SQLSTATE, or why it was not asked. Never SQL text. */
  readonly reason: string;
}

/** What one pass learned of a server. */
export type ServerReading = AnsweringServer | SilentServer;

/** A server that let the collector log in and answered to the end. */
export interface AnsweringServer {
  readonly server: string;
  readonly up: true;
  /** Whether it is a replica, as it says itself: after a promotion its name may say otherwise. */
  readonly inRecovery: boolean;
  /** Rows of each query that was asked and did not fail. */
  readonly answers: ReadonlyMap<string, readonly Row[]>;
  readonly failures: readonly QueryFailure[];
}

/** A server that did not. */
export interface SilentServer {
  readonly server: string;
  readonly up: false;
  /** An error's code or message, which holds no secret. */
  readonly reason: string;
}

/** Log-in for one session; the password may be a token that lives for minutes. */
export type ServerLogin = () => Promise<Pick<ConnectOptions, 'database' | 'user' | 'password' | 'ca'>>;

/** Rows that stand for later ones. */
interface CachedRows {
  /** From when on they may be asked anew, ms since 1970. */
  readonly until: number;
  readonly rows: readonly Row[];
}

const CONNECT_TIMEOUT_MS = 4000;
const STATEMENT_TIMEOUT_MS = 4000;
/** Longer than the server's own limit, so that it is reached only by a server that has stopped answering. */
const ANSWER_TIMEOUT_MS = 5000;
/** Half of the time between two passes: rows whose time is over before the next pass are asked anew, although it began a little early. */
const EARLY_MS = 30_000;
/** No query begins later. With a last log-in and answer a pass reads for under 30 s of the function's 50 s. */
const PASS_MS = 15_000;

/** Asks one server, over a session that is kept from pass to pass. */
export class ServerReader {
  private client: Client | undefined;
  private readonly cache = new Map<string, CachedRows>();

  constructor(
    private readonly server: CollectedServer,
    private readonly queries: readonly CollectedQuery[],
    private readonly login: ServerLogin,
  ) {}

  /**
   * One pass. Never throws: a server that does not answer is an answer.
   * @param now time of the pass, by which cached rows grow old
   */
  async read(now: Date): Promise<ServerReading> {
    const server = this.server.name;
    const deadline = Date.now() + PASS_MS;
    try {
      // A session kept from the last pass may have died of a failover since: only a fresh one proves the server down.
      return await this.ask(now, deadline).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return this.ask(now, deadline);
      });
    } catch (error) {
      return { server, up: false, reason: describe(error) };
    }
  }

  private async ask(now: Date, deadline: number): Promise<AnsweringServer> {
    try {
      const client = (this.client ??= await this.connect());
      const { rows } = await client.query<{ in_recovery: boolean }>('SELECT pg_is_in_recovery() AS in_recovery');
      const inRecovery = rows[0]?.in_recovery === true;
      const answers = new Map<string, readonly Row[]>();
      const failures: QueryFailure[] = [];
      for (const { name, sql } of inRecovery ? [] : OWN_ROWS) {
        const outcome = await attempt(() => client.query(sql));
        if (outcome.failed) failures.push({ query: name, reason: outcome.reason });
      }
      for (const query of this.queries.filter(({ primaryOnly }) => !primaryOnly || !inRecovery)) {
        const outcome = Date.now() > deadline ? OUT_OF_TIME : await attempt(() => this.rowsOf(client, query, now));
        if (outcome.failed) failures.push({ query: query.name, reason: outcome.reason });
        else answers.set(query.name, outcome.value);
      }
      // A plan whose columns have other types since fails until a new session plans anew.
      if (failures.length > 0) this.endSession();
      return { server: this.server.name, up: true, inRecovery, answers, failures };
    } catch (error) {
      this.endSession();
      throw error;
    }
  }

  private endSession(): void {
    void this.client?.end().catch(() => undefined);
    this.client = undefined;
  }

  private async rowsOf(client: Client, query: CollectedQuery, now: Date): Promise<readonly Row[]> {
    const { name, sql, cacheSeconds } = query;
    const cached = this.cache.get(name);
    if (cached && cached.until > now.getTime() + EARLY_MS) return cached.rows;
    // Named, so that the server plans it once in a session and not in each pass.
    const { rows } = await client.query<Record<string, unknown>>({ name, text: sql });
    const part = cached ? 1 : this.firstPart(query);
    if (cacheSeconds > 0) this.cache.set(name, { until: now.getTime() + cacheSeconds * 1000 * part, rows });
    return rows;
  }

  /** The first rows stand for a part of their time, another for each query, so that the dear queries do not meet in one pass again. */
  private firstPart(query: CollectedQuery): number {
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
    // Compiling a query takes longer than any of ours does, and parallel workers are the application's.
    await client.query(
      `SET statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET jit = off; SET max_parallel_workers_per_gather = 0`,
    );
    return client;
  }
}

type Outcome<T> = { readonly failed: false; readonly value: T } | { readonly failed: true; readonly reason: string };

const OUT_OF_TIME = { failed: true, reason: 'the pass was out of time' } as const;

/**
 * Tells a query that failed from a session that did.
 * @throws the error when the session is over: FATAL ends it, and what is no error of the database's says that it has stopped answering
 */
async function attempt<T>(action: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { failed: false, value: await action() };
  } catch (error) {
    if (error instanceof DatabaseError && error.severity === 'ERROR') return { failed: true, reason: describe(error) };
    throw error;
  }
}

/** The code of PostgreSQL or of the system, else the message. */
function describe(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return String(code ?? message ?? error);
}
