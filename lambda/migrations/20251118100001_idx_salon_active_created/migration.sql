-- List of active salons by age.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_salon_active_created ON salons (is_active, created_at);
