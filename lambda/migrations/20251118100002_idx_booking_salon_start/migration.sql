-- Conflict check: a salon's bookings with a start in a range.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_salon_start ON bookings (salon_id, start_ts);
