-- A salon's latest messages, newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_message_salon_created ON messages (salon_id, created_at DESC);
