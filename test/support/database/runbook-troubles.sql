-- Rows for the alerts of the application, at most an hour old: two overlapping bookings, a failed message, a rejected template, a failed
-- webhook, expensive AI, and a salon without bookings.
INSERT INTO salons (id, name, phone_number_id, access_token, updated_at)
VALUES ('sample-salon', 'Sample', '1', 'token-1', now()), ('silent-salon', 'Silent', '2', 'token-2', now());

-- The second begins before the first ends.
INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, end_ts, created_at, updated_at)
VALUES ('b1', 'B1', 'sample-salon', '+1', 'A', 'cut', now() + interval '60 min', now() + interval '90 min', now() - interval '2 min', now()),
       ('b2', 'B2', 'sample-salon', '+2', 'B', 'cut', now() + interval '75 min', now() + interval '99 min', now() - interval '1 min', now());

INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, status, metadata)
VALUES ('m1', 'sample-salon', 'OUTBOUND', '+1', 'TEXT', 'hello', 'FAILED', '{"code": 190}');

INSERT INTO templates (id, salon_id, name, category, status, updated_at)
VALUES ('t1', 'sample-salon', 'reminder', 'UTILITY', 'REJECTED', now());

INSERT INTO webhook_logs (id, salon_id, event_type, payload, status, error, processing_time_ms)
VALUES ('w1', 'sample-salon', 'messages', '{}', 'FAILED', 'timeout', 5000);

INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, ai_model, tokens_used, cost, response_time_ms)
VALUES ('a1', 'c1', 'sample-salon', '+1', 'OUTBOUND', 'hello', 'gpt-4', 200000, 12.5, 9000);

-- A copy of bookings, as a restore drill keeps it.
SELECT recovery.create_copy('bookings_0123456789ab', array_agg(attname::text ORDER BY attnum),
                            array_agg(CASE WHEN typname = 'BookingStatus' THEN 'public."BookingStatus"' ELSE format_type(atttypid, atttypmod) END ORDER BY attnum),
                            array_agg(attnotnull ORDER BY attnum))
  FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
 WHERE attrelid = 'bookings'::regclass AND attnum > 0;
INSERT INTO recovery.bookings_0123456789ab SELECT * FROM bookings;
SELECT recovery.keep_copy('bookings_0123456789ab');
