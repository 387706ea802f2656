import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Target } from '../shared/connection/target';
import { run, session } from './sessions';

/** What the application's clients saw. */
export interface Written {
  readonly acknowledged: number;
  /** Longest time between two writes that were acknowledged, to any client, seconds. */
  readonly longestPauseSeconds: number;
}

/** Options of Writers. */
export interface WriterOptions {
  /** Sessions that write at the same time. Default 2. */
  readonly clients?: number;
  /** Run in each new session. Default: nothing. */
  readonly setUp?: string;
  /** Beginning of the ids that they write; no other writers may have it. Default `w`. */
  readonly prefix?: string;
}

/** A client waits this long before it goes to the other database, milliseconds. */
const RETRY_MS = 10;

/**
 * Clients of the application: each writes bookings, messages and AI messages without a pause (inserts, updates and deletes), goes to the other
 * database where one refuses, and remembers what was acknowledged.
 */
export class Writers {
  /** Ids of messages that were acknowledged as inserted, and not deleted. */
  private readonly kept = new Set<string>();
  private readonly deleted = new Set<string>();
  private readonly prefix: string;
  private acknowledged = 0;
  private lastAt = Date.now();
  private longestMs = 0;
  private running = true;
  private next = 0;
  private readonly ends: Promise<void>[];

  /** @param databases both, the one to begin with first */
  constructor(
    private readonly databases: readonly Target[],
    { clients = 2, setUp = '', prefix = 'w' }: WriterOptions = {},
  ) {
    this.prefix = prefix;
    this.ends = Array.from({ length: clients }, () => this.work(setUp));
  }

  /** Starts to measure the pause again. */
  mark(): void {
    this.longestMs = 0;
    this.lastAt = Date.now();
  }

  async stop(): Promise<Written> {
    this.running = false;
    await Promise.all(this.ends);
    return { acknowledged: this.acknowledged, longestPauseSeconds: this.longestMs / 1000 };
  }

  /** Acknowledged messages that a database has not, or has although they were deleted. */
  async lost(database: Target): Promise<string[]> {
    const rows = await run<{ id: string }>(database, `SELECT id FROM messages WHERE id LIKE '${this.prefix}-%'`);
    const there = new Set(rows.map(({ id }) => id));
    return [...[...this.kept].filter((id) => !there.has(id)), ...[...this.deleted].filter((id) => there.has(id))];
  }

  private async work(setUp: string): Promise<void> {
    let at = 0;
    while (this.running) {
      let client: Client | undefined;
      try {
        client = await session(this.databases[at % this.databases.length]!);
        if (setUp) await client.query(setUp);
        while (this.running) await this.write(client);
      } catch {
        at += 1;
        await sleep(RETRY_MS);
      } finally {
        await client?.end().catch(() => undefined);
      }
    }
  }

  private async write(client: Client): Promise<void> {
    const id = `${this.prefix}-${this.next++}`;
    await client.query(
      `INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content) VALUES ($1, 's1', 'INBOUND', '+49', 'TEXT', 'x')`,
      [id],
    );
    this.kept.add(id);
    this.count();
    await client.query("UPDATE bookings SET notes = $1, updated_at = now() WHERE id = 'b' || (1 + $2::int % 1000)", [
      id,
      this.next,
    ]);
    this.count();
    await client.query(
      `INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content) VALUES ($1, 'v1', 's1', '+49', 'OUTBOUND', 'x')`,
      [id],
    );
    this.count();
    if (this.next % 5 !== 0) return;
    // A delete that is not acknowledged may have happened all the same: then the row is not asked for.
    this.kept.delete(id);
    await client.query('DELETE FROM messages WHERE id = $1', [id]);
    this.deleted.add(id);
    this.count();
  }

  private count(): void {
    const now = Date.now();
    this.acknowledged += 1;
    this.longestMs = Math.max(this.longestMs, now - this.lastAt);
    this.lastAt = now;
  }
}
