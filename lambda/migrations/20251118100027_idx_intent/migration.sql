-- One intent in all salons.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_intent ON intent_analytics (intent);
