import type { Client } from 'pg';
import type { Effect } from '../../../lib/backtest/model/effects';
import { drawAnswers } from '../../../lib/backtest/model/ai';
import { drawBookings } from '../../../lib/backtest/model/bookings';
import { type Span, WEEK } from '../../../lib/backtest/model/clock';
import { drawMessages } from '../../../lib/backtest/model/messages';
import { drawReceived } from '../../../lib/backtest/model/traffic';
import type { Salon } from '../../../lib/backtest/model/salons';
import { drawWebhooks } from '../../../lib/backtest/model/webhooks';

const MINUTE_MS = 60_000;
const SLOT_MINUTES = 30;

/** Writes the events of a backtest's model as the rows that the application would write. */
export class ModelRows {
  /** @param epoch time of minute 0 of the model */
  constructor(
    private readonly owner: Client,
    private readonly epoch: Date,
  ) {}

  /** The time of a minute of the model, as PostgreSQL reads it. */
  timeOf(minute: number): string {
    return new Date(this.epoch.getTime() + minute * MINUTE_MS).toISOString().replace('T', ' ').replace('Z', '');
  }

  async write(seed: number, salon: Salon, span: Span, effects: readonly Effect[]): Promise<void> {
    const id = `salon-${salon.index}`;
    await this.insert(
      'salons (id, name, phone_number_id, access_token, created_at, updated_at)',
      'VALUES ($1, $1, $1, $1, $2, now())',
      [id, this.timeOf(0)],
    );
    await this.messages(id, drawMessages(seed, salon, span, effects), span);
    await this.answers(id, drawAnswers(seed, salon, span, effects), span);
    await this.webhooks(id, drawWebhooks(seed, salon, span, effects), span);
    await this.bookings(id, drawBookings(seed, salon, span, effects), span);
  }

  /** Writes the messages that all salons received in the half hour before a minute and in those of the four weeks before. */
  async writeReceived(seed: number, minute: number, effects: readonly Effect[]): Promise<void> {
    for (let week = 0; week <= 4; week++) {
      const until = minute - week * WEEK;
      for (let at = until - 30; at < until; at++) {
        await this.insert(
          'messages (id, salon_id, direction, phone_number, message_type, content, created_at)',
          `SELECT $1 || n, (SELECT min(id) FROM salons), 'INBOUND', '+1', 'TEXT', 'x', $2
             FROM generate_series(1, $3::int) AS n ON CONFLICT DO NOTHING`,
          [`received-${at}-`, this.timeOf(at + 0.5), drawReceived(seed, at, effects)],
        );
      }
    }
  }

  /** Within a minute the failed ones come first, as in the model. */
  private async messages(id: string, drawn: ReturnType<typeof drawMessages>, span: Span): Promise<void> {
    const [times, states]: [string[], string[]] = [[], []];
    drawn.sent.forEach((sent, i) => {
      for (let k = 0; k < sent; k++) {
        times.push(this.timeOf(span.start - drawn.history + i + (k + 1) / (sent + 1)));
        states.push(k < drawn.failed[i]! ? 'FAILED' : 'READ');
      }
    });
    await this.insert(
      'messages (id, salon_id, direction, phone_number, message_type, content, status, created_at)',
      `SELECT $1 || n, $1, 'OUTBOUND', '+1', 'TEXT', 'x', status::"MessageStatus", at
         FROM unnest($2::timestamp[], $3::text[]) WITH ORDINALITY AS sent (at, status, n)`,
      [id, times, states],
    );
  }

  /** The answers of a minute take the average time; its tokens are those of its first answer. */
  private async answers(
    id: string,
    { models, tokens, history }: ReturnType<typeof drawAnswers>,
    span: Span,
  ): Promise<void> {
    const rows: [string, string, number, number][] = [];
    tokens.forEach((used, i) => {
      let rest = used;
      models.forEach(({ count, latency }, model) => {
        for (let k = 0; k < count[i]!; k++) {
          rows.push([this.timeOf(span.start - history + i + 0.5), `model-${model}`, latency[i]! / count[i]!, rest]);
          rest = 0;
        }
      });
    });
    await this.insert(
      'ai_messages (id, conversation_id, salon_id, phone_number, direction, content, ai_model, response_time_ms, tokens_used, cost, created_at)',
      `SELECT $1 || n, $1, $1, '+1', 'OUTBOUND', 'x', model, round(ms), tokens, tokens * 0.00003, at
         FROM unnest($2::timestamp[], $3::text[], $4::float8[], $5::float8[]) WITH ORDINALITY AS answers (at, model, ms, tokens, n)`,
      [id, ...[0, 1, 2, 3].map((column) => rows.map((row) => row[column]))],
    );
  }

  private async webhooks(id: string, { types, history }: ReturnType<typeof drawWebhooks>, span: Span): Promise<void> {
    const rows = types.flatMap((failed, type) =>
      [...failed].flatMap((count, i) =>
        Array.from({ length: count }, () => [this.timeOf(span.start - history + i + 0.5), `type-${type}`] as const),
      ),
    );
    await this.insert(
      'webhook_logs (id, salon_id, event_type, payload, status, created_at)',
      `SELECT $1 || n, $1, type, '{}', 'FAILED', at
         FROM unnest($2::timestamp[], $3::text[]) WITH ORDINALITY AS events (at, type, n)`,
      [id, rows.map(([at]) => at), rows.map(([, type]) => type)],
    );
  }

  private async bookings(id: string, { all, history }: ReturnType<typeof drawBookings>, span: Span): Promise<void> {
    const start = span.start - history;
    const slot = (index: number) => this.timeOf(start + index * SLOT_MINUTES);
    await this.insert(
      'bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, end_ts, created_at, updated_at)',
      `SELECT $1 || n, n::text, $1, '+1', 'x', 'x', first, last, made, made
         FROM unnest($2::timestamp[], $3::timestamp[], $4::timestamp[]) WITH ORDINALITY AS booked (made, first, last, n)`,
      [
        id,
        all.map(({ made }) => this.timeOf(start + made + 0.5)),
        all.map(({ first }) => slot(first)),
        all.map(({ end }) => slot(end)),
      ],
    );
  }

  private async insert(table: string, sql: string, values: unknown[]): Promise<void> {
    await this.owner.query(`INSERT INTO ${table} ${sql}`, values);
  }
}
