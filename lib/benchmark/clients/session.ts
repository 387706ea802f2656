import type { Client, Connection } from 'pg';
import { connect, type ConnectOptions } from '../../contract/database-client';

const DATA_ROW = 'D'.charCodeAt(0);
const ERROR = 'E'.charCodeAt(0);
const READY = 'Z'.charCodeAt(0);
/** Every message begins with a type (1 byte) and a length (4 bytes). */
const HEAD_BYTES = 5;

/**
 * A session that runs prepared statements and reads the answers without parsing the values, so that the server and the connection are
 * measured and not our parsing. The driver does login and TLS; after that it only writes
 * (https://www.postgresql.org/docs/15/protocol-message-formats.html).
 */
export class Session {
  private readonly connection: Connection;
  private rest: Buffer = Buffer.alloc(0);
  private rows = 0;
  private error: string | undefined;
  private closed = false;
  private done: (() => void) | undefined;

  private constructor(private readonly client: Client) {
    this.connection = (client as Client & { connection: Connection }).connection;
    this.connection.stream.removeAllListeners('data');
    this.connection.stream.on('data', (chunk: Buffer) => this.read(chunk));
    this.connection.stream.on('close', () => {
      this.closed = true;
      this.done?.();
    });
  }

  static async open(options: ConnectOptions): Promise<Session> {
    return new Session(await connect(options));
  }

  /** Prepares a statement, as Prisma's client does. */
  async prepare(name: string, sql: string): Promise<void> {
    await this.exchange(() => this.connection.parse({ name, text: sql, types: [] }, false));
  }

  /**
   * Runs a prepared statement; returns the number of rows.
   * @throws Error with the server's message
   */
  async ask(statement: string, values: readonly string[]): Promise<number> {
    await this.exchange(() => {
      this.connection.bind({ portal: '', statement, values: [...values] }, false);
      this.connection.execute({ portal: '', rows: '0' }, false);
    });
    return this.rows;
  }

  async end(): Promise<void> {
    await this.client.end();
  }

  private async exchange(write: () => void): Promise<void> {
    this.rows = 0;
    this.error = undefined;
    await new Promise<void>((resolve) => {
      this.done = resolve;
      this.connection.stream.cork();
      write();
      this.connection.sync();
      this.connection.stream.uncork();
    });
    this.done = undefined;
    if (this.error !== undefined) throw new Error(this.error);
    if (this.closed) throw new Error('the server closed the session');
  }

  private read(chunk: Buffer): void {
    const data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = 0;
    while (data.length - at >= HEAD_BYTES) {
      const end = at + 1 + data.readUInt32BE(at + 1);
      if (end > data.length) break;
      const type = data[at];
      if (type === DATA_ROW) this.rows += 1;
      else if (type === ERROR) this.error = messageOf(data.subarray(at + HEAD_BYTES, end));
      else if (type === READY) this.done?.();
      at = end;
    }
    this.rest = data.subarray(at);
  }
}

/** The message of an error: its field M. */
function messageOf(fields: Buffer): string {
  const message = fields
    .toString()
    .split('\0')
    .find((field) => field.startsWith('M'));
  return message?.slice(1) ?? 'the server reported an error without a message';
}
