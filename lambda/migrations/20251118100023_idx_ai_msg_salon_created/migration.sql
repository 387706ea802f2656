-- A salon's AI messages, newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_msg_salon_created ON ai_messages (salon_id, created_at DESC);
