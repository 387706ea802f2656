-- A salon's bookings by the time they were made.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_salon_created ON bookings (salon_id, created_at);
