-- Metrics over a window of time (bookings_total, booking_conflicts). BRIN: rows come in the order of created_at. A change of status
-- may move a row to an older page, which makes that range wider and a pass a little slower, never wrong.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_created_brin ON bookings
  USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
