-- AI messages of one conversation in the order of time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_msg_conv_created ON ai_messages (conversation_id, created_at);
