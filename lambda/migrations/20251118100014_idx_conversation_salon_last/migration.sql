-- A salon's conversations, latest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversation_salon_last ON conversations (salon_id, last_message_at DESC);
