-- Messages of one status over time, such as those that failed in the last hour.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_message_status_created ON messages (status, created_at);
