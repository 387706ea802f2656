-- Rows for the alerts of the application, as the application writes them: UTC without a zone. Two overlapping bookings too many, failed
-- messages, a rejected template, failed webhooks, expensive and slow AI, and a salon that became silent.
SET timezone = 'UTC';

INSERT INTO salons (id, name, phone_number_id, access_token, created_at, updated_at)
VALUES ('sample-salon', 'Sample', '1', 'token-1', now() - interval '60 days', now()),
       ('silent-salon', 'Silent', '2', 'token-2', now() - interval '60 days', now());
INSERT INTO salon_capacities VALUES ('sample-salon', 1, 43200, now());

-- The second begins before the first ends.
INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, end_ts, created_at, updated_at)
VALUES ('b1', 'B1', 'sample-salon', '+1', 'A', 'cut', now() + interval '60 min', now() + interval '90 min', now() - interval '2 min', now()),
       ('b2', 'B2', 'sample-salon', '+2', 'B', 'cut', now() + interval '75 min', now() + interval '99 min', now() - interval '1 min', now());
-- A booking an hour for six weeks, until 25 hours ago.
INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, status, created_at, updated_at)
SELECT 'quiet-' || n, n::text, 'silent-salon', '+3', 'C', 'cut', now(), 'COMPLETED', now() - interval '24 hours 30 min' - n * interval '1 hour', now()
  FROM generate_series(0, 24 * 45) AS n;

INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, status, metadata)
SELECT 'm' || n, 'sample-salon', 'OUTBOUND', '+1', 'TEXT', 'hello', 'FAILED', '{"code": 190}' FROM generate_series(1, 12) AS n;

-- A message that came in an hour ago: none since.
INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, created_at)
VALUES ('received', 'sample-salon', 'INBOUND', '+1', 'TEXT', 'hello', now() - interval '1 hour');

INSERT INTO templates (id, salon_id, name, category, status, updated_at)
VALUES ('t1', 'sample-salon', 'reminder', 'UTILITY', 'REJECTED', now());

INSERT INTO webhook_logs (id, salon_id, event_type, payload, status, error, processing_time_ms)
SELECT 'w' || n, 'sample-salon', 'messages', '{}', 'FAILED', 'timeout', 5000 FROM generate_series(1, 70) AS n;

INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, ai_model, tokens_used, cost, response_time_ms)
SELECT 'a' || n, 'c1', 'sample-salon', '+1', 'OUTBOUND', 'hello', 'gpt-4', 10000, 0.5, 9000 FROM generate_series(1, 20) AS n;
INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, ai_model, tokens_used, cost, created_at)
SELECT 'b' || n, 'c1', 'sample-salon', '+1', 'OUTBOUND', 'hello', 'gpt-4', 700, 0.7, now() - n * interval '1 day' - interval '30 min'
  FROM generate_series(1, 7) AS n;

-- A copy of bookings, as a restore drill keeps it.
SELECT recovery.create_copy('bookings_0123456789ab', array_agg(attname::text ORDER BY attnum),
                            array_agg(CASE WHEN typname = 'BookingStatus' THEN 'public."BookingStatus"' ELSE format_type(atttypid, atttypmod) END ORDER BY attnum),
                            array_agg(attnotnull ORDER BY attnum))
  FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
 WHERE attrelid = 'bookings'::regclass AND attnum > 0;
INSERT INTO recovery.bookings_0123456789ab SELECT * FROM bookings;
SELECT recovery.keep_copy('bookings_0123456789ab');
