-- For refresh_intent_analytics, which reads one day, and for popular intents of all salons in a range of days. BRIN, because rows are
-- inserted day by day.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_intent_date_brin ON intent_analytics
  USING brin (date) WITH (pages_per_range = 32, autosummarize = on);
