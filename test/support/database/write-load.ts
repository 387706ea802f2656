import type { Client } from 'pg';

/** One statement for each way in which the application writes a table; $1 is a number that no earlier write had. */
const WRITES = [
  "INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content) VALUES ('x' || $1::int, 's1', 'OUTBOUND', '+49', 'TEXT', 'x')",
  "UPDATE messages SET status = 'READ' WHERE id = 'm' || 1 + $1::int % 65000",
  "INSERT INTO webhook_logs (id, salon_id, event_type, payload, status) VALUES ('x' || $1::int, 's1', 'message', '{}', 'SUCCESS')",
  "INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content) VALUES ('x' || $1::int, 'v1', 's1', '+49', 'OUTBOUND', 'x')",
  "UPDATE conversations SET last_message_at = now(), message_count = message_count + 1 WHERE id = 'v' || 1 + $1::int % 20000",
  "UPDATE ai_conversations SET last_activity = now() WHERE id = 'a' || 1 + $1::int % 20000",
  `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, updated_at)
     VALUES ('x' || $1::int, 'x' || $1::int, 's1', '+49', 'Name', 'cut', now(), now())`,
  "UPDATE bookings SET status = 'CANCELLED' WHERE id = 'b' || 1 + $1::int % 20000",
  "UPDATE templates SET status = 'APPROVED' WHERE id = 't' || 1 + $1::int % 1000",
  "UPDATE salons SET updated_at = now() WHERE id = 's' || 1 + $1::int % 200",
  "INSERT INTO intent_analytics (id, salon_id, intent, date, updated_at) VALUES ('x' || $1::int, 's1', 'x' || $1::int, '2026-01-01', now())",
];

/** Result of a load. */
export interface LoadReport {
  readonly writes: number;
  /** Longest duration of a write. */
  readonly longestMs: number;
  readonly longest: string;
}

/** Writes to all tables from several sessions, without a pause between statements, until `stop`. */
export class WriteLoad {
  private static next = 0;
  private running = true;
  private writes = 0;
  private longestMs = 0;
  private longest = '';
  private readonly sessions: Promise<void>[];

  /** @param clients sessions of the application; the caller closes them */
  constructor(clients: readonly Client[]) {
    this.sessions = clients.map((client) => this.write(client));
  }

  async stop(): Promise<LoadReport> {
    this.running = false;
    await Promise.all(this.sessions);
    return { writes: this.writes, longestMs: this.longestMs, longest: this.longest };
  }

  private async write(client: Client): Promise<void> {
    while (this.running) {
      const number = WriteLoad.next++;
      const statement = WRITES[number % WRITES.length] ?? '';
      const started = performance.now();
      await client.query(statement, [number]);
      const ms = performance.now() - started;
      this.writes += 1;
      if (ms > this.longestMs) Object.assign(this, { longestMs: ms, longest: statement });
    }
  }
}
