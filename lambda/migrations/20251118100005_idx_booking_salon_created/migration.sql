-- A salon's bookings by creation time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_salon_created ON bookings (salon_id, created_at);
