-- refresh_intent_analytics finds one day, and popular intents of all salons a range of days. BRIN: rows come day by day.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_intent_date_brin ON intent_analytics
  USING brin (date) WITH (pages_per_range = 32, autosummarize = on);
