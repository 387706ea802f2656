-- A salon's active AI conversations by last activity.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_conv_salon_activity ON ai_conversations (salon_id, last_activity DESC);
