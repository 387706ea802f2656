import { setTimeout as sleep } from 'node:timers/promises';
import { OWN_ROWS } from '../../contract/own-rows';
import type { Address, Cluster, Login } from '../../local-postgres/cluster';
import type { PostgresServer } from '../../local-postgres/server';
import { untilHolds } from './until';
import { type Acknowledged, type Target, Writer } from './writer';

/** Clients of the application that insert rows at the same time. */
const CLIENTS = 5;
/** Marks the rows, which are deleted afterwards. */
const EVENT_TYPE = 'rehearsed failover';
/** Longest wait for a write, seconds: what Multi-AZ needs at best. */
const WRITE_SECONDS = 60;

/** What became of the rows that were acknowledged. */
export interface CountedRows {
  readonly acknowledged: number;
  readonly lost: number;
  readonly acknowledgedAfterwards: number;
  readonly lostAfterwards: number;
  readonly heartbeatsAfterwards: number;
  readonly heartbeatGapSeconds: number;
}

/** Clients of the application, and the heartbeat of the collector, that write to the server of a target without an end. */
export class Load {
  private readonly clients: Writer[];
  private readonly heartbeat: Writer;

  /** @param login of app_user */
  constructor(
    private readonly cluster: Cluster,
    login: Login,
    target: Target,
  ) {
    const connect = (server: Address) => cluster.connect(server, login);
    this.clients = Array.from(
      { length: CLIENTS },
      (_, i) =>
        new Writer({
          name: `client-${i + 1}`,
          target,
          connect,
          write: (session, id) =>
            session.query(
              `INSERT INTO webhook_logs (id, event_type, payload, status) VALUES ($1, $2, '{}', 'SUCCESS')
               ON CONFLICT (id) DO NOTHING`,
              [id, EVENT_TYPE],
            ),
        }),
    );
    const beat = OWN_ROWS.find(({ name }) => name === 'heartbeat')?.sql ?? '';
    this.heartbeat = new Writer({
      name: 'heartbeat',
      target,
      connect: (server) => cluster.connect(server),
      write: (session) => session.query(beat),
    });
  }

  /** Waits until every client has written more rows. */
  async untilWritten(rowsPerClient: number): Promise<void> {
    for (const client of this.clients) {
      const wanted = client.acknowledged.length + rowsPerClient;
      await untilHolds(
        WRITE_SECONDS,
        () => `a client wrote fewer than ${rowsPerClient} rows, last error ${String(client.lastError)},`,
        () => client.acknowledged.length >= wanted,
      );
    }
  }

  /**
   * When a server first acknowledged a row, by performance.now().
   * @throws Error where it does not within a minute
   */
  async firstWriteMs(server: PostgresServer): Promise<number> {
    const first = () => this.acknowledgedBy(server)[0]?.atMs;
    const errors = () => this.clients.map(({ lastError }) => String(lastError));
    await untilHolds(
      WRITE_SECONDS,
      () => `no client could write to ${server.name}, last error ${errors()[0]},`,
      () => first() !== undefined,
    );
    return Math.min(...this.acknowledgedBy(server).map(({ atMs }) => atMs));
  }

  /** Ends the clients when their present writes have ended. */
  async stop(): Promise<void> {
    // A moment more, with all servers.
    await sleep(100);
    await Promise.all([...this.clients, this.heartbeat].map((writer) => writer.stop()));
  }

  /** Counts the rows that are missing on the new primary, and deletes all. After stop(). */
  async count(killed: PostgresServer, promoted: PostgresServer): Promise<CountedRows> {
    const session = await this.cluster.connect(promoted);
    try {
      const { rows } = await session.query<{ id: string }>('SELECT id FROM webhook_logs WHERE event_type = $1', [
        EVENT_TYPE,
      ]);
      const there = new Set(rows.map(({ id }) => id));
      const missing = (writes: readonly Acknowledged[]) => writes.filter(({ id }) => !there.has(id)).length;
      const [before, after] = [this.acknowledgedBy(killed), this.acknowledgedBy(promoted)];
      await session.query('DELETE FROM webhook_logs WHERE event_type = $1', [EVENT_TYPE]);
      return {
        acknowledged: before.length,
        lost: missing(before),
        acknowledgedAfterwards: after.length,
        lostAfterwards: missing(after),
        heartbeatsAfterwards: this.heartbeat.acknowledged.filter(({ server }) => server === promoted.name).length,
        heartbeatGapSeconds: longestGapMs(this.heartbeat.acknowledged) / 1000,
      };
    } finally {
      await session.end();
    }
  }

  private acknowledgedBy({ name }: PostgresServer): Acknowledged[] {
    return this.clients.flatMap(({ acknowledged }) => acknowledged.filter(({ server }) => server === name));
  }
}

/** Longest time between two writes. */
export function longestGapMs(writes: readonly Pick<Acknowledged, 'atMs'>[]): number {
  return Math.max(0, ...writes.slice(1).map(({ atMs }, i) => atMs - (writes[i]?.atMs ?? atMs)));
}
