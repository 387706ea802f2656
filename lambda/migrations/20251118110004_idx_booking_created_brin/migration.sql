-- Metrics over a time window (bookings_total, booking_conflicts). BRIN, because rows are inserted in the order of created_at. A change of
-- status may move a row to an older page: the range of that page becomes wider and a pass slightly slower, but its result stays right.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_created_brin ON bookings
  USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
