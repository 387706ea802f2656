-- A salon's popular intents over a range of days.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_intent_salon_date ON intent_analytics (salon_id, date DESC);
