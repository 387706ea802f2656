-- Statistics of statements, for the query slow_queries. It is not a trusted extension: on RDS a member of rds_superuser may create it,
-- elsewhere a superuser.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

-- The audit log, when the server has loaded its library: on RDS the parameter group loads it, the PostgreSQL of the rehearsal does not
-- have it. To find it in pg_available_extensions is not enough, because CREATE EXTENSION pgaudit fails without the library.
DO $$
BEGIN
  IF current_setting('shared_preload_libraries') ~ '\mpgaudit\M'
     AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pgaudit') THEN
    CREATE EXTENSION IF NOT EXISTS pgaudit;
  END IF;
END $$;
