-- All messages of a conversation in the order of time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_message_conversation_created ON messages (conversation_id, created_at);
