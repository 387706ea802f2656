-- Statistics of statements, for slow_queries. Not a trusted extension: on RDS a member of rds_superuser may create it, elsewhere a
-- superuser.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

-- The audit log, where the server has loaded its library: RDS does by our parameter group, the rehearsal's PostgreSQL has none. Its
-- name alone in pg_available_extensions is not enough, because without the library CREATE EXTENSION pgaudit fails.
DO $$
BEGIN
  IF current_setting('shared_preload_libraries') ~ '\mpgaudit\M'
     AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pgaudit') THEN
    CREATE EXTENSION IF NOT EXISTS pgaudit;
  END IF;
END $$;
