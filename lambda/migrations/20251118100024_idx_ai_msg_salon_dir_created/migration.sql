-- A salon's AI messages of one direction over time: response times and quality.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_msg_salon_dir_created ON ai_messages (salon_id, direction, created_at);
