import type { Client } from 'pg';
import { connect, type ConnectOptions } from '../shared/database-client';
import type { CollectedServer } from './env';

/** What one pass learned of a server. */
export interface ServerReading {
  /** The server's name. */
  readonly server: string;
  readonly up: boolean;
  /** Why it is down: an error's code or message, which holds no secret. */
  readonly reason?: string;
}

/** Two tries of a log-in and a query fit well into a pass. */
const TIMEOUT_MS = 5000;

/** Asks one server, over a session that is kept from pass to pass. */
export class ServerReader {
  private client: Client | undefined;

  constructor(
    private readonly server: CollectedServer,
    private readonly login: () => Promise<Pick<ConnectOptions, 'database' | 'user' | 'password' | 'ca'>>,
  ) {}

  /** One pass. Never throws: a server that does not answer is an answer. */
  async read(): Promise<ServerReading> {
    const server = this.server.name;
    try {
      // A session kept from the last pass may have died of a failover since: only a fresh one proves the server down.
      await this.ask().catch(() => this.ask());
      return { server, up: true };
    } catch (error) {
      return { server, up: false, reason: describe(error) };
    }
  }

  private async ask(): Promise<void> {
    try {
      this.client ??= await this.connect();
      await this.client.query('SELECT 1');
    } catch (error) {
      void this.client?.end().catch(() => undefined);
      this.client = undefined;
      throw error;
    }
  }

  private async connect(): Promise<Client> {
    return connect({
      ...this.server,
      ...(await this.login()),
      applicationName: 'collector',
      connectTimeoutMs: TIMEOUT_MS,
      queryTimeoutMs: TIMEOUT_MS,
    });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
}
