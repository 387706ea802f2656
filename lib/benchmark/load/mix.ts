import { PATTERNS } from '../patterns';

/** A value of a request: of a random customer, who has one conversation with a salon. */
export type Value = 'salon' | 'conversation' | 'phone';

/** A statement of a request, with the values of $1, $2 …. */
interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** A request of the application: statements that run one after another, in one transaction where there are several writes. */
export interface Request {
  readonly name: string;
  /** Requests of a day of the documented workload, 1,000 salons. */
  readonly daily: number;
  readonly statements: readonly Statement[];
}

const NOW = `(now() AT TIME ZONE 'utc')`;
const ID = 'gen_random_uuid()::text';
const BEGIN: Statement = { sql: 'BEGIN', values: [] };
const COMMIT: Statement = { sql: 'COMMIT', values: [] };

const read = (name: string, daily: number, values: readonly Value[], sql = patternSql(name)): Request => ({
  name,
  daily,
  statements: [{ sql, values }],
});

const WRITES: readonly Request[] = [
  {
    name: 'webhook event',
    daily: 150_000,
    statements: [
      { sql: 'SELECT * FROM salons WHERE id = $1', values: ['salon'] },
      {
        sql: `INSERT INTO webhook_logs (id, salon_id, event_type, payload, status, processing_time_ms, created_at)
              VALUES (${ID}, $1, 'message.status', jsonb_build_object('object', 'whatsapp_business_account', 'entry', jsonb_build_array(
                jsonb_build_object('id', $1::text, 'changes', jsonb_build_array(jsonb_build_object('field', 'messages', 'value',
                  jsonb_build_object('metadata', jsonb_build_object('display_phone_number', $2::text), 'statuses', jsonb_build_array(
                    jsonb_build_object('id', ${ID}, 'status', 'delivered', 'recipient_id', $2::text)))))))), 'SUCCESS', 120, ${NOW})`,
        values: ['salon', 'phone'],
      },
    ],
  },
  {
    name: 'message',
    daily: 100_000,
    statements: [
      BEGIN,
      {
        sql: `INSERT INTO messages (id, salon_id, direction, conversation_id, phone_number, message_type, content, whatsapp_id, status, cost, created_at)
              VALUES (${ID}, $1, 'OUTBOUND', $2, $3, 'TEXT', repeat('A message of a customer or of a salon. ', 3), 'wamid.' || ${ID}, 'SENT', 0.03, ${NOW})`,
        values: ['salon', 'conversation', 'phone'],
      },
      {
        sql: `UPDATE conversations SET last_message_at = ${NOW}, message_count = message_count + 1, cost = cost + 0.03 WHERE id = $1`,
        values: ['conversation'],
      },
      COMMIT,
    ],
  },
  {
    name: 'AI message',
    daily: 50_000,
    statements: [
      { sql: patternSql('AI history by conversation'), values: ['conversation'] },
      BEGIN,
      {
        sql: `INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, ai_model, tokens_used, cost, response_time_ms, created_at)
              VALUES (${ID}, $1, $2, $3, 'OUTBOUND', repeat('An answer of the assistant. ', 5), 'gpt-4', 600, 0.018, 1800, ${NOW})`,
        values: ['conversation', 'salon', 'phone'],
      },
      {
        sql: `UPDATE ai_conversations SET last_activity = ${NOW}, message_count = message_count + 1, total_tokens = total_tokens + 600, total_cost = total_cost + 0.018
               WHERE conversation_id = $1`,
        values: ['conversation'],
      },
      COMMIT,
    ],
  },
  {
    name: 'booking',
    daily: 10_000,
    statements: [
      BEGIN,
      {
        sql: `SELECT * FROM bookings WHERE salon_id = $1 AND status = 'CONFIRMED' AND start_ts >= ${NOW} + interval '2 days' AND start_ts < ${NOW} + interval '49 hours'`,
        values: ['salon'],
      },
      {
        sql: `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, end_ts, status, created_at, updated_at)
              VALUES (${ID}, ${ID}, $1, $2, 'A customer', 'Haircut', ${NOW} + random() * interval '14 days', ${NOW} + interval '15 days', 'CONFIRMED', ${NOW}, ${NOW})`,
        values: ['salon', 'phone'],
      },
      COMMIT,
    ],
  },
];

/** The documents name the queries and not how often they are asked: these numbers are an assumption, about one read for two written messages. */
const READS: readonly Request[] = [
  read('conversation messages', 40_000, ['conversation']),
  read('salon messages', 15_000, ['salon']),
  read('user messages', 15_000, ['phone', 'salon']),
  read('active bookings', 20_000, ['salon'], withNow('active bookings')),
  read('customer history', 10_000, ['phone', 'salon']),
  read('active AI conversations', 10_000, ['salon'], withNow('active AI conversations', "- interval '24 hours'")),
  read('AI history by salon', 5_000, ['salon']),
  read('webhook events by salon', 2_000, ['salon']),
];

/** All requests of the documented workload. */
export const MIX: readonly Request[] = [...WRITES, ...READS];

/** Requests a second of the documented workload: "1,000 requests per minute" for 1,000 salons. */
export const DOCUMENTED_RATE = 1000 / 60;

/**
 * The requests in the order in which they are sent: each as often as in the mix, evenly mixed.
 * @param length how many
 */
export function schedule(mix: readonly Pick<Request, 'daily'>[], length: number): number[] {
  const all = mix.reduce((sum, { daily }) => sum + daily, 0);
  const due = mix.map(() => 0);
  return Array.from({ length }, () => {
    mix.forEach(({ daily }, i) => (due[i]! += daily / all));
    const next = due.indexOf(Math.max(...due));
    due[next]! -= 1;
    return next;
  });
}

function patternSql(name: string): string {
  const pattern = PATTERNS.find((each) => each.name === name);
  if (!pattern) throw new Error(`the application has no query "${name}"`);
  return pattern.sql;
}

/** A query that takes a time as its second value, with the time of the server. */
function withNow(name: string, shift = ''): string {
  return patternSql(name).replace('$2::timestamp', `(${NOW} ${shift})`);
}
