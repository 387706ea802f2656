-- Conflict check: a salon's bookings in a range of starts.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_salon_start ON bookings (salon_id, start_ts);
