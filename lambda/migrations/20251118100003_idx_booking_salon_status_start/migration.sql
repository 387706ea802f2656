-- Active bookings: a salon's future bookings of one status, in the order of their start.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_salon_status_start ON bookings (salon_id, status, start_ts);
