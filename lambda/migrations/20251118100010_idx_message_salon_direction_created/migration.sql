-- A salon's messages of one direction over time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_message_salon_direction_created ON messages (salon_id, direction, created_at);
