-- Webhook events of one type over time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_webhook_type_created ON webhook_logs (event_type, created_at);
