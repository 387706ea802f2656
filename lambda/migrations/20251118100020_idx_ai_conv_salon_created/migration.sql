-- A salon's AI conversations by age.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_conv_salon_created ON ai_conversations (salon_id, created_at);
