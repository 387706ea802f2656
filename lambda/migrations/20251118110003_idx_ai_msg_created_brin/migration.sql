-- Metrics over a time window (ai_response_time, tokens, cost) and refresh_intent_analytics, which reads one day. BRIN, because rows are
-- inserted in the order of created_at and never updated. Measured with 1.5 million rows: 5 ms instead of 201.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_msg_created_brin ON ai_messages
  USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
