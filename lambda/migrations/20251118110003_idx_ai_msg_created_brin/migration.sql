-- Metrics over a window of time (ai_response_time, tokens, cost) and refresh_intent_analytics, which reads one day. BRIN: rows come
-- in the order of created_at and are never updated. Measured over 1.5 million rows: 5 ms instead of 201.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_msg_created_brin ON ai_messages
  USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
