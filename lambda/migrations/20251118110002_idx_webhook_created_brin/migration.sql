-- Metrics over a window of time (webhook_events, webhook_errors, webhook_processing_time). BRIN: rows come in the order of
-- created_at and are never updated, and this table takes the most inserts. Measured over 4.5 million rows: 15 ms instead of 621.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_webhook_created_brin ON webhook_logs
  USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
