import { DAYS, type Volumes } from './volumes';

/** A table and the statement that fills it. */
export interface LoadStep {
  readonly table: string;
  readonly sql: string;
}

/** Run first in every session that loads data: functions for random numbers that are the same in each run, and settings for speed. */
export const LOAD_FUNCTIONS = `
  CREATE FUNCTION pg_temp.pick(n bigint, salt bigint, among bigint) RETURNS integer IMMUTABLE LANGUAGE sql AS
    'SELECT ((hashint8extended(n, salt) & 9223372036854775807) % among)::integer';
  CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
    'SELECT md5(kind || n)::uuid::text';
  SET session_replication_role = replica; -- Foreign keys hold by construction; checking each row takes longer than writing it.
  SET synchronous_commit = off;
  SET work_mem = '512MB';
  SET max_parallel_workers_per_gather = 0;
  SET enable_mergejoin = off -- A hash join keeps the order of time, in which the rows must come.`;

/**
 * Steps that fill salons, customers and templates; they run first. Salon k has 1/k as many customers as the largest one (Zipf's law): of
 * a thousand salons the largest has 13 % of all customers and events, the smallest 0.013 %. The table of customers is dropped after
 * loading.
 */
export function salonSteps({ salons, customers, templates }: Volumes, end: string): LoadStep[] {
  return [
    {
      table: 'salons',
      sql: `INSERT INTO salons (id, name, phone_number_id, access_token, is_active, created_at, updated_at)
        SELECT pg_temp.id('salon', n), 'Salon ' || n, (100000000000000 + n)::text, repeat(md5(n::text), 6), n % 20 <> 0,
               ${before(end, `${DAYS} days`)} - n * interval '1 minute', ${before(end, '1 day')}
          FROM generate_series(1, ${salons}) AS n`,
    },
    {
      table: 'customers',
      sql: `CREATE UNLOGGED TABLE customers AS
        WITH shares AS (
          SELECT n, sum(1.0 / n) OVER (ORDER BY n) / sum(1.0 / n) OVER () AS upto FROM generate_series(1, ${salons}) AS n
        ), bounds AS (
          SELECT n, round(upto * ${customers})::int AS last, coalesce(lag(round(upto * ${customers})::int) OVER (ORDER BY n), 0) AS previous
            FROM shares
        )
        SELECT customer AS n, pg_temp.id('salon', bounds.n) AS salon_id, '+7' || 9000000000 + customer AS phone_number,
               pg_temp.id('conversation', customer) AS conversation_id
          FROM bounds CROSS JOIN LATERAL generate_series(previous + 1, last) AS customer`,
    },
    {
      table: 'templates',
      sql: `INSERT INTO templates (id, salon_id, name, category, status, content, updated_at)
        SELECT pg_temp.id('template', n), pg_temp.id('salon', 1 + n % ${salons}), 'template_' || n, 'UTILITY', 'APPROVED',
               '{"body": "Dear {{1}}, we expect you at {{2}}."}', ${before(end, '1 day')}
          FROM generate_series(1, ${templates}) AS n`,
    },
  ];
}

/** Chains of steps that fill the events. The chains do not depend on each other and run at the same time. */
export function eventSteps(volumes: Volumes, end: string): LoadStep[][] {
  const events = (rows: number) => drawn(volumes.customers, rows, end);
  return [
    [messages(events(volumes.messages)), CONVERSATIONS, bookings(events(volumes.bookings), end)],
    [webhookLogs(events(volumes.webhook_logs)), aiMessages(events(volumes.ai_messages)), AI_CONVERSATIONS],
  ];
}

/** Run after the salons: without statistics PostgreSQL would not choose the join that keeps the order of time. */
export const ANALYZE_CUSTOMERS = 'ANALYZE customers';

/** Drops the table that only loading needs. */
export const DROP_CUSTOMERS = 'DROP TABLE customers';

function before(end: string, ago: string): string {
  return `timestamp '${end}' - interval '${ago}'`;
}

/**
 * Events in the order of time, evenly spread over the days, each of a random customer. A hash join keeps the order, because customers are
 * the side that is hashed.
 */
function drawn(customers: number, rows: number, end: string): string {
  return `(SELECT events.n, at, salon_id, phone_number, conversation_id
             FROM (SELECT n, ${before(end, `${DAYS} days`)} + n::float8 / ${rows} * interval '${DAYS} days' AS at,
                          1 + pg_temp.pick(n, ${rows}, ${customers}) AS customer
                     FROM generate_series(1, ${rows}) AS n) AS events
             JOIN customers ON customers.n = customer) AS event`;
}

/** A text of 30 to 220 characters; two fifths are phrases that many customers write word for word. */
function text(salt: number): string {
  return `CASE WHEN pg_temp.pick(n, ${salt}, 5) < 2
    THEN 'Good day! What does a haircut with colouring cost, and is there a free time this week? ' || pg_temp.pick(n, ${salt + 1}, 40)
    ELSE 'Message ' || n || left(': I would like to come with my daughter on Saturday morning if that is possible, otherwise on Sunday after lunch. Which master is there then, and how long does it take with washing? Thank you.', 20 + pg_temp.pick(n, ${salt + 2}, 190)) END`;
}

function messages(events: string): LoadStep {
  return {
    table: 'messages',
    sql: `INSERT INTO messages (id, salon_id, direction, conversation_id, phone_number, message_type, content, whatsapp_id, status, cost, metadata, created_at)
      SELECT pg_temp.id('message', n), salon_id, (CASE WHEN n % 2 = 0 THEN 'INBOUND' ELSE 'OUTBOUND' END)::"MessageDirection",
             conversation_id, phone_number,
             (CASE WHEN pg_temp.pick(n, 11, 10) < 8 THEN 'TEXT' WHEN n % 2 = 0 THEN 'IMAGE' ELSE 'TEMPLATE' END)::"MessageType",
             ${text(12)}, 'wamid.' || upper(md5('wamid' || n)),
             (ARRAY['FAILED', 'SENT', 'DELIVERED', 'DELIVERED', 'READ'])[1 + CASE WHEN pg_temp.pick(n, 15, 50) = 0 THEN 0 ELSE 1 + pg_temp.pick(n, 16, 4) END]::"MessageStatus",
             CASE WHEN n % 2 = 1 THEN 0.005 + pg_temp.pick(n, 17, 80) / 1000.0 END,
             CASE WHEN pg_temp.pick(n, 18, 10) = 0 THEN '{"context": {"forwarded": true}}'::jsonb END, at
        FROM ${events}`,
  };
}

/** The one conversation of each customer, with totals computed from its messages. */
const CONVERSATIONS: LoadStep = {
  table: 'conversations',
  sql: `INSERT INTO conversations (id, salon_id, phone_number, status, started_at, last_message_at, message_count, cost, created_at)
    SELECT conversation_id, min(salon_id), min(phone_number),
           (CASE WHEN hashtext(conversation_id) % 10 = 0 THEN 'EXPIRED' ELSE 'ACTIVE' END)::"ConversationStatus",
           min(created_at), max(created_at), count(*), coalesce(sum(cost), 0), min(created_at)
      FROM messages GROUP BY conversation_id ORDER BY min(created_at)`,
};

/** Each starts an hour to two weeks after it was made, at a random second: equal starts are as rare as after a conflict check. */
function bookings(events: string, end: string): LoadStep {
  return {
    table: 'bookings',
    sql: `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, end_ts, status, notes, created_at, updated_at)
      SELECT pg_temp.id('booking', n), 'B' || lpad(n::text, 8, '0'), salon_id, phone_number, 'Customer ' || right(phone_number, 7),
             (ARRAY['Haircut', 'Colouring', 'Manicure', 'Pedicure', 'Massage'])[1 + pg_temp.pick(n, 21, 5)],
             start, start + interval '30 minutes' * (1 + pg_temp.pick(n, 22, 3)),
             (CASE WHEN pg_temp.pick(n, 23, 10) = 0 THEN 'CANCELLED' WHEN start > timestamp '${end}' THEN 'CONFIRMED'
                   WHEN pg_temp.pick(n, 23, 10) = 1 THEN 'NO_SHOW' ELSE 'COMPLETED' END)::"BookingStatus",
             CASE WHEN pg_temp.pick(n, 24, 5) = 0 THEN 'Allergic to some dyes; please ask first.' END, at, at
        FROM (SELECT *, at + interval '1 hour' + pg_temp.pick(n, 25, 1209600) * interval '1 second' AS start FROM ${events}) AS made`,
  };
}

/** One event in fifty fails; one in a hundred belongs to no salon. */
function webhookLogs(events: string): LoadStep {
  return {
    table: 'webhook_logs',
    sql: `INSERT INTO webhook_logs (id, salon_id, event_type, payload, status, error, processing_time_ms, created_at)
      SELECT pg_temp.id('webhook', n), CASE WHEN n % 100 > 0 THEN salon_id END,
             (ARRAY['message.received', 'message.status', 'message.status', 'message.template'])[1 + pg_temp.pick(n, 31, 4)],
             format('{"object": "whatsapp_business_account", "entry": [{"id": "%s", "changes": [{"field": "messages", "value": {"metadata": {"display_phone_number": "%s"}, "statuses": [{"id": "wamid.%s", "status": "delivered", "recipient_id": "%s"}]}}]}]}',
                    n, phone_number, md5(n::text), phone_number)::jsonb,
             CASE WHEN pg_temp.pick(n, 32, 50) = 0 THEN 'FAILED' ELSE 'SUCCESS' END,
             CASE WHEN pg_temp.pick(n, 32, 50) = 0 THEN 'request to the AI service timed out' END, 20 + pg_temp.pick(n, 33, 400), at
        FROM ${events}`,
  };
}

/** Questions and answers in turn. Four fifths of the questions have an intent; some intents are far more frequent than others. */
function aiMessages(events: string): LoadStep {
  return {
    table: 'ai_messages',
    sql: `INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, ai_model, tokens_used, cost, response_time_ms, intent, created_at)
      SELECT pg_temp.id('ai message', n), conversation_id, salon_id, phone_number,
             (CASE WHEN n % 2 = 0 THEN 'INBOUND' ELSE 'OUTBOUND' END)::"MessageDirection", ${text(41)},
             CASE WHEN n % 2 = 1 THEN (ARRAY['gpt-4', 'gpt-4', 'gpt-4', 'gpt-3.5-turbo'])[1 + pg_temp.pick(n, 44, 4)] END,
             CASE WHEN n % 2 = 1 THEN 150 + pg_temp.pick(n, 45, 900) END,
             CASE WHEN n % 2 = 1 THEN (150 + pg_temp.pick(n, 45, 900)) * 0.00003 END,
             CASE WHEN n % 2 = 1 THEN 400 + pg_temp.pick(n, 46, 4000) END,
             CASE WHEN n % 2 = 0 AND pg_temp.pick(n, 47, 5) > 0 THEN
               (ARRAY['booking', 'price', 'hours', 'cancel', 'reschedule', 'location', 'services', 'master', 'complaint', 'thanks', 'greeting', 'other'])
                 [1 + least(pg_temp.pick(n, 48, 12), pg_temp.pick(n, 49, 12))] END, at
        FROM ${events}`,
  };
}

/** The one AI conversation of each customer, with totals computed from its messages. */
const AI_CONVERSATIONS: LoadStep = {
  table: 'ai_conversations',
  sql: `INSERT INTO ai_conversations (id, salon_id, phone_number, conversation_id, total_tokens, total_cost, message_count, last_activity, created_at)
    SELECT md5('ai ' || conversation_id)::uuid::text, min(salon_id), min(phone_number), conversation_id, coalesce(sum(tokens_used), 0),
           coalesce(sum(cost), 0), count(*), max(created_at), min(created_at)
      FROM ai_messages GROUP BY conversation_id ORDER BY min(created_at)`,
};
