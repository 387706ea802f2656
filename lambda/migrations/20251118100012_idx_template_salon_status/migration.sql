-- A salon's templates of one status, such as the approved ones.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_template_salon_status ON templates (salon_id, status);
