import type { Client } from 'pg';

/** The current time as the application writes it: UTC without a zone. */
export const UTC_NOW = "now() AT TIME ZONE 'utc'";

const TABLES =
  'salons, salon_capacities, bookings, messages, conversations, webhook_logs, ai_conversations, ai_messages';

/** A value of a column; text that begins with `=` is SQL. */
type Value = string | number | null;
type Fields = Readonly<Record<string, Value>>;

let ids = 0;

/** Inserts rows into the application's tables, with defaults for the other columns. `ago`: interval before now, for created_at. */
export class Rows {
  constructor(private readonly owner: Client) {}

  async clear(): Promise<void> {
    await this.owner.query(`TRUNCATE ${TABLES} CASCADE`);
  }

  async insert(table: string, ago: string, fields: Fields): Promise<void> {
    const row: Fields = { id: `row-${++ids}`, created_at: `=${UTC_NOW} - interval '${ago}'`, ...fields };
    const values: Value[] = [];
    const expressions = Object.values(row).map((value) =>
      typeof value === 'string' && value.startsWith('=') ? value.slice(1) : `$${values.push(value)}`,
    );
    await this.owner.query(`INSERT INTO ${table} (${Object.keys(row).join()}) VALUES (${expressions.join()})`, values);
  }

  async salon(id: string, ago = '2 days', fields: Fields = {}): Promise<void> {
    await this.insert('salons', ago, {
      id,
      name: id,
      phone_number_id: id,
      access_token: 'x',
      updated_at: '=now()',
      ...fields,
    });
  }

  /** A confirmed booking in two days, from one time of the day to another; `end` null: none. */
  async booking(
    salon_id: string,
    start: string,
    end: string | null,
    ago = '10 minutes',
    fields: Fields = {},
  ): Promise<void> {
    // From midnight: with now() two equal starts would differ by milliseconds.
    const day = `date_trunc('day', ${UTC_NOW}) + interval '2 days'`;
    await this.insert('bookings', ago, {
      booking_code: `code-${ids}`,
      salon_id,
      customer_phone: '+100',
      customer_name: 'Somebody',
      service: 'Haircut',
      start_ts: `=${day} + interval '${start}'`,
      end_ts: end === null ? null : `=${day} + interval '${end}'`,
      updated_at: '=now()',
      ...fields,
    });
  }

  async message(salon_id: string, ago: string, fields: Fields = {}): Promise<void> {
    const common = { salon_id, direction: 'OUTBOUND', phone_number: '+100', message_type: 'TEXT', content: 'x' };
    await this.insert('messages', ago, { ...common, ...fields });
  }

  async aiMessage(salon_id: string, ago: string, fields: Fields = {}): Promise<void> {
    const common = {
      salon_id,
      conversation_id: 'c',
      direction: 'OUTBOUND',
      phone_number: '+100',
      content: 'x',
      ai_model: 'gpt-4',
    };
    await this.insert('ai_messages', ago, { ...common, ...fields });
  }

  async webhook(salon_id: string | null, ago: string, status: string): Promise<void> {
    await this.insert('webhook_logs', ago, { salon_id, event_type: 'message.status', payload: '{}', status });
  }
}
