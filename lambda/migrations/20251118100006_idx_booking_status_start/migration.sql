-- Bookings of one status by start over all salons: reminders, no-shows.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_status_start ON bookings (status, start_ts);
