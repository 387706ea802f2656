-- The latest events of one status: what went wrong last.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_webhook_status_created ON webhook_logs (status, created_at DESC);
