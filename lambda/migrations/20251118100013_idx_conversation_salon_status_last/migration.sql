-- A salon's conversations of one status, latest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversation_salon_status_last ON conversations (salon_id, status, last_message_at DESC);
