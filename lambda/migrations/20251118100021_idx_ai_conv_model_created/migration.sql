-- The AI conversations of a model over time, for its cost.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_conv_model_created ON ai_conversations (ai_model, created_at);
