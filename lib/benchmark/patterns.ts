import type { ConnectOptions } from '../contract/database-client';
import { withSession } from './databases/databases';

/** A query of the application, asked alike before and after the migrations. */
export interface Pattern {
  readonly name: string;
  /** As Prisma's client asks: all columns of the rows. A salon's lists are read a page of 50 at a time. */
  readonly sql: string;
  /**
   * A query that draws values for it, a row a set, from `drawn`: conversations at random, of which a salon has as many as customers, so
   * that large salons are asked about more often. `now` is the end of the data.
   */
  readonly draw: string;
  /** The index that serves it after the migrations; several where either does. */
  readonly indexes: readonly string[];
}

const SALON = 'SELECT salon_id FROM drawn';

/** Active: something was said in the last 24 hours. */
function activeAiConversations(name: string, page: number): Pattern {
  return {
    name,
    sql: `SELECT * FROM ai_conversations WHERE salon_id = $1 AND last_activity >= $2::timestamp ORDER BY last_activity DESC LIMIT ${page}`,
    draw: "SELECT salon_id, now - interval '24 hours' FROM drawn",
    indexes: ['idx_ai_conv_salon_activity'],
  };
}

/** The query patterns of the application. */
export const PATTERNS: readonly Pattern[] = [
  {
    name: 'conflict check',
    sql: `SELECT * FROM bookings WHERE salon_id = $1 AND status = 'CONFIRMED' AND start_ts >= $2::timestamp AND start_ts < $3::timestamp`,
    draw: `SELECT salon_id, start_at, start_at + interval '1 hour'
             FROM (SELECT salon_id, now + number % 240 * interval '1 hour' AS start_at FROM drawn) AS wanted`,
    indexes: [
      'idx_booking_salon_start',
      'idx_booking_salon_status_start',
      'idx_booking_status_start',
      'idx_booking_overlap',
    ],
  },
  {
    name: 'active bookings',
    sql: `SELECT * FROM bookings WHERE salon_id = $1 AND status = 'CONFIRMED' AND start_ts >= $2::timestamp ORDER BY start_ts LIMIT 50`,
    draw: 'SELECT salon_id, now FROM drawn',
    indexes: ['idx_booking_salon_status_start', 'idx_booking_salon_start', 'idx_booking_overlap'],
  },
  {
    name: 'customer history',
    sql: 'SELECT * FROM bookings WHERE customer_phone = $1 AND salon_id = $2 ORDER BY start_ts DESC',
    draw: 'SELECT phone_number, salon_id FROM drawn',
    indexes: ['idx_booking_customer_salon'],
  },
  {
    name: 'salon messages',
    sql: 'SELECT * FROM messages WHERE salon_id = $1 ORDER BY created_at DESC LIMIT 50',
    draw: SALON,
    indexes: ['idx_message_salon_created'],
  },
  {
    name: 'conversation messages',
    sql: 'SELECT * FROM messages WHERE conversation_id = $1 ORDER BY created_at',
    draw: 'SELECT id FROM drawn',
    indexes: ['idx_message_conversation_created'],
  },
  {
    name: 'user messages',
    sql: 'SELECT * FROM messages WHERE phone_number = $1 AND salon_id = $2 ORDER BY created_at',
    draw: 'SELECT phone_number, salon_id FROM drawn',
    indexes: ['idx_message_phone_salon_created'],
  },
  // A screen of 20: here the keys as they were found already lead to a salon's rows, so that what is left is fetching those that are
  // shown, each from a page of its own.
  activeAiConversations('active AI conversations', 20),
  {
    name: 'AI history by conversation',
    sql: 'SELECT * FROM ai_messages WHERE conversation_id = $1 ORDER BY created_at',
    draw: 'SELECT id FROM drawn',
    indexes: ['idx_ai_msg_conv_created'],
  },
  {
    name: 'AI history by salon',
    sql: 'SELECT * FROM ai_messages WHERE salon_id = $1 ORDER BY created_at DESC LIMIT 50',
    draw: SALON,
    indexes: ['idx_ai_msg_salon_created'],
  },
  {
    name: 'webhook events by salon',
    sql: 'SELECT * FROM webhook_logs WHERE salon_id = $1 ORDER BY created_at DESC LIMIT 50',
    draw: SALON,
    indexes: ['idx_webhook_salon_created'],
  },
  {
    // What went wrong last.
    name: 'webhook events by status',
    sql: 'SELECT * FROM webhook_logs WHERE status = $1 ORDER BY created_at DESC LIMIT 50',
    draw: "SELECT 'FAILED' FROM drawn",
    indexes: ['idx_webhook_status_created'],
  },
];

/** Other shapes of a pattern, measured beside it to show what decides; no goal holds for them. */
export const VARIANTS: readonly Pattern[] = [activeAiConversations('active AI conversations, 50 at once', 50)];

/** Draws a salon, large ones more often. */
export const SALON_OF_A_CUSTOMER: Pick<Pattern, 'draw'> = { draw: SALON };

/** Values as PostgreSQL writes them. */
const TEXT = { getTypeParser: () => String };

/** Values for `sets` askings of a pattern, the same in each run, but for times, which follow the data's end. */
export async function drawValues(
  login: ConnectOptions,
  { draw }: Pick<Pattern, 'draw'>,
  sets: number,
  end: string,
): Promise<string[][]> {
  const text = `WITH drawn AS (
    SELECT id, salon_id, phone_number, row_number() OVER (ORDER BY md5(id)) AS number, timestamp '${end}' AS now
      FROM conversations ORDER BY md5(id) LIMIT ${sets}
  ) ${draw}`;
  return withSession(login, async (session) => {
    const { rows } = await session.query<string[]>({ text, rowMode: 'array', types: TEXT });
    return rows;
  });
}
