import type { ConnectOptions } from '../contract/database-client';
import { withSession } from './databases/databases';

/** A query of the application, the same before and after the migrations. */
export interface Pattern {
  readonly name: string;
  /** As Prisma's client writes it: all columns of the rows. Lists of a salon are read in pages of 50. */
  readonly sql: string;
  /**
   * A query that draws its values from `drawn`, one row for each set. `drawn` has random conversations; a salon has as many of them as
   * customers, so that large salons are asked about more often. `now` is the end of the data.
   */
  readonly draw: string;
  /** The intended indexes: the plan after the migrations must read one of them. */
  readonly indexes: readonly string[];
}

const SALON = 'SELECT salon_id FROM drawn';

/** AI conversations with a message in the last 24 hours. */
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
  // A screen of 20. The unique key as it was found already leads to a salon's rows; what is left is fetching the rows that are shown,
  // each from a different page.
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
    // The latest failures.
    name: 'webhook events by status',
    sql: 'SELECT * FROM webhook_logs WHERE status = $1 ORDER BY created_at DESC LIMIT 50',
    draw: "SELECT 'FAILED' FROM drawn",
    indexes: ['idx_webhook_status_created'],
  },
];

/** Other forms of a pattern, measured to show what its gain depends on; no goal applies to them. */
export const VARIANTS: readonly Pattern[] = [activeAiConversations('active AI conversations, 50 at once', 50)];

/** Draws salons, large ones more often. */
export const SALON_OF_A_CUSTOMER: Pick<Pattern, 'draw'> = { draw: SALON };

/** Takes values as the text that PostgreSQL sends. */
const TEXT = { getTypeParser: () => String };

/**
 * Draws sets of values for a pattern. They are the same in each run, except for times, which depend on the end of the data.
 * @param end end of the data, UTC without a zone
 */
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
