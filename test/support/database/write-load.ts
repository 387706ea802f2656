import type { Client } from 'pg';

/** Rows of the documented application at a small scale, made by the server itself. */
export const SMALL_DATA = `
  INSERT INTO salons (id, name, phone_number_id, access_token, updated_at)
    SELECT 's' || n, 'Salon', 'p' || n, 'token', now() FROM generate_series(1, 200) n;
  INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, updated_at, created_at)
    SELECT 'b' || n, 'c' || n, 's' || 1 + n % 200, '+49' || n % 5000, 'Name', 'cut', now() + n * interval '1 min', now(),
           now() - (20000 - n) * interval '2 min' FROM generate_series(1, 20000) n;
  INSERT INTO messages (id, salon_id, direction, conversation_id, phone_number, message_type, content, whatsapp_id, created_at)
    SELECT 'm' || n, 's' || 1 + n % 200, 'INBOUND', 'v' || n % 5000, '+49' || n % 5000, 'TEXT', repeat('x', 80), 'w' || n,
           now() - (100000 - n) * interval '20 s' FROM generate_series(1, 100000) n;
  INSERT INTO templates (id, salon_id, name, category, updated_at)
    SELECT 't' || n, 's' || 1 + n % 200, 'T' || n, 'UTILITY', now() FROM generate_series(1, 1000) n;
  INSERT INTO conversations (id, salon_id, phone_number)
    SELECT 'v' || n, 's' || 1 + n % 200, '+49' || n FROM generate_series(1, 20000) n;
  INSERT INTO webhook_logs (id, salon_id, event_type, payload, status, created_at)
    SELECT 'l' || n, 's' || 1 + n % 200, 'message', '{}', 'SUCCESS', now() - (100000 - n) * interval '20 s'
      FROM generate_series(1, 100000) n;
  INSERT INTO ai_conversations (id, salon_id, phone_number, conversation_id)
    SELECT 'a' || n, 's' || 1 + n % 200, '+49' || n, 'v' || n FROM generate_series(1, 20000) n;
  INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, intent, created_at)
    SELECT 'i' || n, 'v' || n % 5000, 's' || 1 + n % 200, '+49' || n % 5000, 'INBOUND', repeat('x', 80), 'book',
           now() - (50000 - n) * interval '40 s' FROM generate_series(1, 50000) n;
  INSERT INTO intent_analytics (id, salon_id, intent, date, updated_at)
    SELECT 'n' || n, 's' || 1 + n % 200, 'book', current_date - n / 200, now() FROM generate_series(0, 1999) n`;

/** One write of the application for each way in which it writes a table; $1 is a number that no write had before. */
const WRITES = [
  "INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content) VALUES ('x' || $1::int, 's1', 'OUTBOUND', '+49', 'TEXT', 'x')",
  "UPDATE messages SET status = 'READ' WHERE id = 'm' || 1 + $1::int % 100000",
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

/** What a load saw. */
export interface LoadReport {
  readonly writes: number;
  /** Longest time that a write took, with the statement. */
  readonly longestMs: number;
  readonly longest: string;
}

/** Writes all tables from several sessions, each statement as soon as the one before is done, until `stop`. */
export class WriteLoad {
  private static next = 0;
  private running = true;
  private writes = 0;
  private longestMs = 0;
  private longest = '';
  private readonly sessions: Promise<void>[];

  /** @param clients sessions of the application; the caller ends them */
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
