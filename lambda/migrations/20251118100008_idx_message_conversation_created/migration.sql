-- All messages of a conversation in order.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_message_conversation_created ON messages (conversation_id, created_at);
