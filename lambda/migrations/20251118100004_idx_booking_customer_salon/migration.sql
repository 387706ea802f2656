-- A customer's bookings in a salon.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_customer_salon ON bookings (customer_phone, salon_id);
