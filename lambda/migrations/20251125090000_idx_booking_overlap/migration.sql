-- Whether two confirmed bookings of a salon overlap, from the index alone: the question of booking_conflicts, each minute, and of an
-- application that asks before it books. Measured over 300,000 bookings: 8 ms instead of 27 for the bookings of an hour; 40 MB.
-- id is in it to count a pair once. All columns are keys and no status is left out, because Prisma's schema can say neither INCLUDE
-- nor WHERE.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_overlap
  ON bookings (salon_id, status, start_ts, end_ts, created_at, id);
