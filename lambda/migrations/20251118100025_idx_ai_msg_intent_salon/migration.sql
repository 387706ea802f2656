-- The messages of an intent, by salon.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_msg_intent_salon ON ai_messages (intent, salon_id);
