-- Bookings of the next days in all salons (bookings_by_date). A B-tree, because bookings are not made in the order of their start. At
-- 10,000 inserts a day its cost is small.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_start ON bookings (start_ts);
