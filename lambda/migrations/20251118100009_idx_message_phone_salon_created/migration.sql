-- A phone number's messages in a salon.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_message_phone_salon_created ON messages (phone_number, salon_id, created_at);
