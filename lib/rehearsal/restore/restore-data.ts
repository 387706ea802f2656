import type { Client } from 'pg';
import { OWN_ROWS } from '../../contract/own-rows';

/** Time between two heartbeats. On AWS it is a minute. */
const HEARTBEAT_MS = 50;
/** Approximate size of a filling row on disk with its part of the indexes, bytes. */
const FILLING_ROW_BYTES = 1_900;

/** An hour ago: a drill compares only rows older than a minute with the source. */
const CREATED_AT = "now() AT TIME ZONE 'utc' - interval '1 hour'";

/** Moves the migrations into the past: the checks compare only what is older than a minute, in a fast run also the migrations. */
export async function ageMigrations(session: Client): Promise<void> {
  await session.query(
    `UPDATE _prisma_migrations SET started_at = started_at - interval '1 hour', finished_at = finished_at - interval '1 hour'`,
  );
}

/** Adds a salon with messages that the restore must bring back, and half as many bookings. */
export async function addMarkedRows(session: Client, messages: number): Promise<void> {
  await session.query(
    `INSERT INTO salons (id, name, phone_number_id, access_token, created_at, updated_at)
     VALUES ('rehearsed', 'Rehearsed', 'rehearsed', 'none', ${CREATED_AT}, ${CREATED_AT})`,
  );
  await session.query(
    `INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, created_at)
     SELECT 'rehearsed-' || n, 'rehearsed', 'INBOUND', '+100', 'TEXT', md5(n::text), ${CREATED_AT}
       FROM generate_series(1, $1::int) n`,
    [messages],
  );
  await session.query(
    `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, end_ts, created_at, updated_at)
     SELECT 'rehearsed-' || n, 'rehearsed-' || n, 'rehearsed', '+100', 'Rehearsed', 'cut',
            ${CREATED_AT} + n * interval '1 day', ${CREATED_AT} + n * interval '1 day' + interval '1 hour', ${CREATED_AT}, ${CREATED_AT}
       FROM generate_series(1, $1::int / 2) n`,
    [messages],
  );
}

/** Adds messages to the salon of addMarkedRows, each in its own transaction. */
export async function addMessages(session: Client, name: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await session.query(
      `INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, created_at)
       VALUES ($1, 'rehearsed', 'OUTBOUND', '+100', 'TEXT', $1, ${CREATED_AT})`,
      [`${name}-${i}`],
    );
  }
}

/** Adds webhook events of about the given size on disk. */
export async function fillToSize(session: Client, name: string, gigabytes: number): Promise<void> {
  await session.query(
    `INSERT INTO webhook_logs (id, salon_id, event_type, payload, status, created_at)
     SELECT $1 || n, 'rehearsed', 'message', jsonb_build_object('text', repeat(md5(n::text), 48)), 'SUCCESS', ${CREATED_AT}
       FROM generate_series(1, $2::int) n`,
    [`${name}-`, Math.round((gigabytes * 1e9) / FILLING_ROW_BYTES)],
  );
}

/**
 * Writes the collector's heartbeat, more often than the collector does. Returns a function that stops it and throws the error of a
 * heartbeat that could not be written.
 */
export function keepHeartbeat(session: Client): () => Promise<void> {
  const sql = OWN_ROWS.find(({ name }) => name === 'heartbeat')?.sql ?? '';
  let failed: { readonly error: unknown } | undefined;
  let beating: Promise<unknown> = Promise.resolve();
  const beat = () => {
    // Caught at once: nobody waits for it until the heartbeat is stopped, and an unhandled rejection would end the process.
    beating = session.query(sql).catch((error: unknown) => (failed ??= { error }));
  };
  beat();
  const timer = setInterval(beat, HEARTBEAT_MS);
  return async () => {
    clearInterval(timer);
    await beating;
    if (failed) throw failed.error;
  };
}
