-- A salon's latest webhook events.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_webhook_salon_created ON webhook_logs (salon_id, created_at DESC);
