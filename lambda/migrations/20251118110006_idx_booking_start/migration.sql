-- Bookings of the next days over all salons (bookings_by_date). A B-tree, because bookings are not made in the order in which they
-- start; 10,000 inserts a day bear it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_start ON bookings (start_ts);
