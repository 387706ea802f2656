-- Bookings of one status in all salons by start: reminders, no-shows.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_status_start ON bookings (status, start_ts);
