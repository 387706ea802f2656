-- Metrics over a time window (webhook_events, webhook_errors, webhook_processing_time). BRIN, because rows are inserted in the order of
-- created_at and never updated, and this table has the most inserts. Measured with 4.5 million rows: 15 ms instead of 621.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_webhook_created_brin ON webhook_logs
  USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
