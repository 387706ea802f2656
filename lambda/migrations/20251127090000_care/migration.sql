-- care_user: the role of the care functions, which look after the database each day, week, month and quarter (lambda/care-database).
--
-- It sees what the collector sees, the text of statements with their constants replaced, and the catalogs. It changes nothing but its own table,
-- and two things through functions that run as their owner: it brings the planner's statistics up to date, and the counts of intents.

DO $$
BEGIN
  BEGIN
    CREATE ROLE care_user;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    -- Roles belong to the whole server. unique_violation: the migrations of another database are creating the role at this moment.
    NULL;
  END;
  ALTER ROLE care_user LOGIN NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO care_user;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO care_user', current_database());
END $$;

-- Its work can wait: it gives way to everybody else, and the next run does what this one left.
ALTER ROLE care_user SET statement_timeout TO '2min';
ALTER ROLE care_user SET lock_timeout TO '2s';
ALTER ROLE care_user SET idle_in_transaction_session_timeout TO '1min';

-- What a run found, for the comparison with the next one: a row for each run, with the numbers of its statements, tables or roles.
CREATE TABLE care_snapshots (
  kind     TEXT        NOT NULL,
  taken_at TIMESTAMPTZ NOT NULL,
  rows     JSONB       NOT NULL,
  CONSTRAINT care_snapshots_pkey PRIMARY KEY (kind, taken_at)
);

-- The default privileges include app_user and recovery_user, which do not need this table.
REVOKE ALL ON care_snapshots FROM app_user, recovery_user;
-- Without UPDATE: what was found stays as it was found.
GRANT SELECT, INSERT, DELETE ON care_snapshots TO care_user;
GRANT SELECT ON care_snapshots TO dba_user;

GRANT USAGE ON SCHEMA public, monitoring, dba TO care_user;
GRANT SELECT ON database_sizes TO care_user;
GRANT SELECT (id, is_active, created_at) ON salons TO care_user;
GRANT EXECUTE ON FUNCTION monitoring.activity(), monitoring.statements(), dba.statements() TO care_user;

CREATE SCHEMA care;

-- Brings the planner's statistics of a table up to date: only the owner of a table may (before PostgreSQL 17).
CREATE FUNCTION care.analyze_table(wanted regclass) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_class WHERE oid = wanted AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  ) THEN
    RAISE insufficient_privilege USING MESSAGE = 'only tables of the schema public are analyzed';
  END IF;
  EXECUTE format('ANALYZE %s', wanted);
END $$;

-- Counts the intents of a day again.
CREATE FUNCTION care.refresh_intent_analytics(day date) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT public.refresh_intent_analytics(day)
$$;

-- Roles with sessions over the network that are not encrypted. Only a member of pg_read_all_stats sees it of other sessions.
CREATE FUNCTION care.sessions_without_tls() RETURNS TABLE (role name, sessions bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT usename, count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
   WHERE NOT ssl AND client_addr IS NOT NULL AND backend_type = 'client backend' GROUP BY 1
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA care FROM PUBLIC;
GRANT USAGE ON SCHEMA care TO care_user;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA care TO care_user;
