import type { Client } from 'pg';
import type { Target } from '../../lib/shared/connection/target';
import { run, session } from './servers';

/** What the application's clients saw. */
export interface Written {
  readonly acknowledged: number;
  /** Longest time between two writes that were acknowledged, to any client, seconds. */
  readonly longestPauseSeconds: number;
}

/**
 * Clients of the application: each writes bookings, messages and AI messages without a pause (inserts, updates and deletes), goes to the other
 * database where one refuses, and remembers what was acknowledged.
 */
export class Writers {
  /** Ids of messages that were acknowledged as inserted, and not deleted. */
  private readonly kept = new Set<string>();
  private readonly deleted = new Set<string>();
  private acknowledged = 0;
  private lastAt = Date.now();
  private longestMs = 0;
  private running = true;
  private next = 0;
  private readonly ends: Promise<void>[];

  /** @param databases both, the one to begin with first */
  constructor(
    private readonly databases: readonly Target[],
    clients = 2,
    /** Run in each new session. */
    private readonly setUp = '',
  ) {
    this.ends = Array.from({ length: clients }, () => this.work());
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
    const rows = await run<{ id: string }>(database, "SELECT id FROM messages WHERE id LIKE 'w-%'");
    const there = new Set(rows.map(({ id }) => id));
    return [...[...this.kept].filter((id) => !there.has(id)), ...[...this.deleted].filter((id) => there.has(id))];
  }

  private async work(): Promise<void> {
    let at = 0;
    while (this.running) {
      let client: Client | undefined;
      try {
        client = await session(this.databases[at % this.databases.length]!);
        if (this.setUp) await client.query(this.setUp);
        while (this.running) await this.write(client);
      } catch {
        at += 1;
        await new Promise((resolve) => setTimeout(resolve, 10));
      } finally {
        await client?.end().catch(() => undefined);
      }
    }
  }

  private async write(client: Client): Promise<void> {
    const id = `w-${this.next++}`;
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
