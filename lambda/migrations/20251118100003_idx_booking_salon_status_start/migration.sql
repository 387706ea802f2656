-- Active bookings: a salon's of one status from now on, in order of their start.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_salon_status_start ON bookings (salon_id, status, start_ts);
