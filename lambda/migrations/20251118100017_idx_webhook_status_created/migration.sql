-- The latest webhook events of one status, such as the latest errors.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_webhook_status_created ON webhook_logs (status, created_at DESC);
