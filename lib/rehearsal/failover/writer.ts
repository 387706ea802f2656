import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/** Time between two writes, and between two attempts to connect again. */
const PAUSE_MS = 2;
/** Longest time from the order to stop until the last write has ended. */
const STOP_SECONDS = 15;

/** A write that a server acknowledged. */
export interface Acknowledged {
  readonly id: string;
  /** Name of the server. */
  readonly server: string;
  /** By performance.now(). */
  readonly atMs: number;
}

/** The server that clients are sent to; undefined while there is none. On AWS the proxy knows it. */
export interface Target {
  server: { readonly name: string; readonly host: string; readonly port: number } | undefined;
}

/** What a writer needs. */
export interface WriterOptions {
  /** Start of the ids of its rows. */
  readonly name: string;
  readonly target: Target;
  readonly connect: (server: NonNullable<Target['server']>) => Promise<Client>;
  /** Writes a row, or does nothing where a row with this id is there already. */
  readonly write: (session: Client, id: string) => Promise<unknown>;
}

/**
 * A client that writes without an end, and keeps its own list of what was acknowledged. A write that failed is tried again with the same
 * id, on a new connection, until it is acknowledged.
 */
export class Writer {
  readonly acknowledged: Acknowledged[] = [];
  /** The last error, for messages. */
  lastError: unknown;
  private stopping = false;
  private readonly running: Promise<void>;

  constructor(private readonly options: WriterOptions) {
    this.running = this.run();
  }

  /**
   * Stops it when its present write has ended.
   * @throws Error where that takes too long
   */
  async stop(): Promise<void> {
    this.stopping = true;
    const isLate = new AbortController();
    const late = sleep(STOP_SECONDS * 1000, true, { signal: isLate.signal }).catch(() => false);
    const tooLate = await Promise.race([this.running.then(() => false), late]);
    isLate.abort();
    if (tooLate)
      throw new Error(`the client ${this.options.name} got no answer to its last write within ${STOP_SECONDS} s`);
  }

  private async run(): Promise<void> {
    const { name, target, connect, write } = this.options;
    let session: Client | undefined;
    let connected: Target['server'];
    for (let n = 0; !this.stopping; await sleep(PAUSE_MS)) {
      const { server } = target;
      if (!server) continue;
      try {
        if (!session || connected !== server) {
          void session?.end().catch(() => undefined);
          session = await connect(server);
          connected = server;
        }
        const id = `${name}-${n}`;
        await write(session, id);
        this.acknowledged.push({ id, server: server.name, atMs: performance.now() });
        n += 1;
      } catch (error) {
        this.lastError = error;
        void session?.end().catch(() => undefined);
        session = undefined;
      }
    }
    await session?.end().catch(() => undefined);
  }
}
