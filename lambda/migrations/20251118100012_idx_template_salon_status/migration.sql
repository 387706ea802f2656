-- A salon's approved templates.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_template_salon_status ON templates (salon_id, status);
