import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { FaultTarget, Scenario } from './scenario';

/** Adds a healthy salon: a month old, with a booking made today. Returns its id. */
async function addSalon(admin: Client, withBooking = true): Promise<string> {
  const id = randomUUID();
  await admin.query(
    `INSERT INTO salons (id, name, phone_number_id, access_token, created_at, updated_at)
     VALUES ($1, 'Rehearsed', $1, 'none', now() - interval '30 days', now())`,
    [id],
  );
  if (withBooking) await addBookings(admin, id, 1);
  return id;
}

/** Adds bookings of an hour each, all at the same time tomorrow. */
async function addBookings(admin: Client, salon: string, count: number): Promise<void> {
  await admin.query(
    `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, end_ts, updated_at)
     SELECT gen_random_uuid(), gen_random_uuid(), $1, 'none', 'Rehearsed', 'cut', now() + '1 day', now() + '25 hours', now()
       FROM generate_series(1, $2::int)`,
    [salon, count],
  );
}

/** Adds a salon with answers of the AI that are slow, long or expensive. Returns the salon's id. */
async function addAiAnswers(
  admin: Client,
  count: number,
  values: { responseMs?: number; tokens?: number; cost?: number },
): Promise<string> {
  const salon = await addSalon(admin);
  // The older one makes a history, without which no cost is unusual. It is outside of the hours that are compared.
  await admin.query(
    `INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, ai_model, response_time_ms, tokens_used, cost, created_at)
     SELECT gen_random_uuid(), 'rehearsed', $1, 'none', 'OUTBOUND', 'Rehearsed', 'gpt-4', $2, $3, $4, now() - age
       FROM unnest(ARRAY['0', '2 days 3 hours']::interval[]) AS age, generate_series(1, $5::int)`,
    [salon, values.responseMs ?? 500, values.tokens ?? 100, values.cost ?? 0.01, count],
  );
  return salon;
}

/**
 * A fault that consists of rows.
 * @param add adds the rows and returns their salon
 * @param repair SQL that repairs the fault; the salon is $1
 */
function rowsScenario(alert: string, fault: string, add: (admin: Client) => Promise<string>, repair: string): Scenario {
  return {
    alarms: [{ alert }],
    fault,
    inject: async ({ admin }: FaultTarget) => {
      const salon = await add(admin);
      return async () => void (await admin.query(repair, [salon]));
    },
  };
}

const RECEIVED_MESSAGES = `
  INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, created_at)
  SELECT gen_random_uuid(), $1, 'INBOUND', 'none', 'TEXT', 'Rehearsed', now() - weeks * interval '7 days' - interval '10 minutes'
    FROM unnest($2::int[]) AS weeks, generate_series(1, 150)`;
const DELETE_ANSWERS = 'DELETE FROM ai_messages WHERE salon_id = $1';

/** Faults of salons, as rows that the application writes. */
export const APPLICATION_SCENARIOS: readonly Scenario[] = [
  rowsScenario(
    'HighBookingConflictRate',
    'seven bookings of a salon with one chair were confirmed for the same hour, then cancelled',
    async (admin) => {
      const salon = await addSalon(admin);
      await addBookings(admin, salon, 6);
      return salon;
    },
    `UPDATE bookings SET status = 'CANCELLED' WHERE salon_id = $1`,
  ),
  rowsScenario(
    'HighMessageFailureRate',
    'twelve of a salon’s thirty messages failed, then were delivered',
    async (admin) => {
      const salon = await addSalon(admin);
      await admin.query(
        `INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, status)
         SELECT gen_random_uuid(), $1, 'OUTBOUND', 'none', 'TEXT', 'Rehearsed',
                (CASE WHEN i <= 12 THEN 'FAILED' ELSE 'SENT' END)::"MessageStatus" FROM generate_series(1, 30) AS i`,
        [salon],
      );
      return salon;
    },
    `UPDATE messages SET status = 'DELIVERED' WHERE salon_id = $1`,
  ),
  rowsScenario(
    'AIResponseTimeSlow',
    'twenty AI answers took nine seconds each',
    (admin) => addAiAnswers(admin, 20, { responseMs: 9000 }),
    DELETE_ANSWERS,
  ),
  rowsScenario(
    'AITokenUsageHigh',
    'a salon used 150,000 tokens within an hour',
    (admin) => addAiAnswers(admin, 1, { tokens: 150_000 }),
    DELETE_ANSWERS,
  ),
  rowsScenario(
    'AICostSpike',
    'the AI cost of an hour was $10 instead of the usual $1',
    (admin) => addAiAnswers(admin, 1, { cost: 10 }),
    DELETE_ANSWERS,
  ),
  rowsScenario(
    'WebhookProcessingErrors',
    'seventy webhooks of a salon failed within an hour',
    async (admin) => {
      const salon = await addSalon(admin);
      await admin.query(
        `INSERT INTO webhook_logs (id, salon_id, event_type, payload, status)
         SELECT gen_random_uuid(), $1, 'message', '{}', 'FAILED' FROM generate_series(1, 70)`,
        [salon],
      );
      return salon;
    },
    `DELETE FROM webhook_logs WHERE salon_id = $1`,
  ),
  rowsScenario(
    'NoMessagesReceived',
    'hardly a message came in where 150 are usual in this half hour of the week, then 150 came',
    async (admin) => {
      const salon = await addSalon(admin);
      await admin.query(RECEIVED_MESSAGES, [salon, [1, 2, 3, 4]]);
      return salon;
    },
    `INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content)
     SELECT gen_random_uuid(), $1, 'INBOUND', 'none', 'TEXT', 'Rehearsed' FROM generate_series(1, 150)`,
  ),
  rowsScenario(
    'NoBookingsLast24Hours',
    'a salon with a booking an hour for six weeks had none for a day, then got one',
    async (admin) => {
      const salon = await addSalon(admin, false);
      await admin.query(
        `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, status, created_at, updated_at)
         SELECT gen_random_uuid(), gen_random_uuid(), $1, 'none', 'Rehearsed', 'cut', now(), 'COMPLETED',
                now() - interval '24 hours 1 minute' - n * interval '1 hour', now()
           FROM generate_series(0, 24 * 45) AS n`,
        [salon],
      );
      return salon;
    },
    `UPDATE bookings SET created_at = now() WHERE id = (SELECT id FROM bookings WHERE salon_id = $1 LIMIT 1)`,
  ),
];
