-- dba_user: the role that a person logs in as, in an incident and otherwise, so that nobody needs the master user for it.
--
-- It sees the server: sessions, locks, replication, statistics, sizes, settings, the schema, which migrations ran. It may cancel statements
-- and end sessions of every role but a superuser's. Of the customers' tables it reads the columns that metrics_user reads: keys, counts and
-- times, but no name, phone number, text or payload. It changes nothing. A person who must change something becomes the master user, which pages:
-- lib/constructs/people/README.md.
--
-- The alternative is GRANT pg_monitor. It shows the text of other sessions' statements, whose literals are customers' data or passwords, and
-- on a replica the password of replication (primary_conninfo). So a text comes from pg_stat_statements, which replaces constants by $1, $2:
-- a statement that never ended before has no text there. Utility statements are kept there as they were sent, but the parameter
-- pg_stat_statements.track_utility leaves them out, and what names a password is hidden whatever the parameter says.

DO $$
BEGIN
  BEGIN
    CREATE ROLE dba_user;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    -- Roles belong to the whole server. unique_violation: the migrations of another database are creating the role at this moment.
    NULL;
  END;
  ALTER ROLE dba_user LOGIN NOCREATEDB NOCREATEROLE CONNECTION LIMIT 10;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO dba_user;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO dba_user', current_database());
  -- Everything that a person does is in the audit log, with its text and without bound values (RDS User Guide, "Using pgAudit", has this form
  -- for the opposite, a role that is not audited).
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'pgaudit.log') THEN
    ALTER ROLE dba_user SET pgaudit.log TO 'all';
  END IF;
END $$;

-- The same as readonly_user's.
ALTER ROLE dba_user SET statement_timeout TO '5min';
ALTER ROLE dba_user SET lock_timeout TO '10s';
ALTER ROLE dba_user SET idle_in_transaction_session_timeout TO '5min';
-- Only a guard against mistakes: the grants below allow no writes.
ALTER ROLE dba_user SET default_transaction_read_only TO on;

GRANT pg_signal_backend TO dba_user;
GRANT USAGE ON SCHEMA public, monitoring TO dba_user;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA monitoring TO dba_user;
GRANT SELECT ON ALL TABLES IN SCHEMA monitoring TO dba_user;

DO $$
DECLARE
  readable RECORD;
BEGIN
  FOR readable IN
    SELECT table_name, column_name FROM information_schema.column_privileges
     WHERE grantee = 'metrics_user' AND privilege_type = 'SELECT' AND table_schema = 'public'
     UNION
    SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('created_at', 'updated_at') AND data_type LIKE 'timestamp%'
  LOOP
    EXECUTE format('GRANT SELECT (%I) ON public.%I TO dba_user', readable.column_name, readable.table_name);
  END LOOP;
  -- Prisma's shadow database has no migration history. Without logs: messages of failed migrations may quote data.
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    GRANT SELECT (migration_name, started_at, finished_at, rolled_back_at) ON _prisma_migrations TO dba_user;
  END IF;
END $$;

CREATE SCHEMA dba;

-- PostgreSQL 17 calls the times of reading and writing blocks shared_blk_read_time and shared_blk_write_time.
CREATE FUNCTION dba.statements() RETURNS TABLE (
  userid oid, dbid oid, toplevel boolean, queryid bigint, query text, calls bigint, total_exec_time double precision,
  min_exec_time double precision, max_exec_time double precision, mean_exec_time double precision,
  stddev_exec_time double precision, rows bigint, shared_blks_hit bigint, shared_blks_read bigint, temp_blks_read bigint,
  temp_blks_written bigint, blk_read_time double precision, blk_write_time double precision, wal_bytes numeric
) LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT userid, dbid, toplevel, queryid, CASE WHEN query NOT ILIKE '%password%' THEN query END, calls, total_exec_time,
         min_exec_time, max_exec_time, mean_exec_time,
         stddev_exec_time, rows, shared_blks_hit, shared_blks_read, temp_blks_read,
         temp_blks_written,
         coalesce(named->>'blk_read_time', named->>'shared_blk_read_time')::double precision,
         coalesce(named->>'blk_write_time', named->>'shared_blk_write_time')::double precision, wal_bytes
    FROM public.pg_stat_statements(showtext => true) AS statement, to_jsonb(statement) AS named
$$;

-- One text for each query id: the id is a hash of the statement's form, the same for every role.
CREATE FUNCTION dba.activity() RETURNS TABLE (
  datid oid, datname name, pid integer, leader_pid integer, usesysid oid, usename name, application_name text, client_addr inet,
  backend_start timestamptz, xact_start timestamptz, query_start timestamptz, state_change timestamptz, wait_event_type text,
  wait_event text, state text, backend_xid xid, backend_xmin xid, query_id bigint, backend_type text, query text
) LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT activity.*, texts.query
    FROM monitoring.activity()
    LEFT JOIN (SELECT queryid, dbid, min(query) AS query FROM dba.statements() GROUP BY 1, 2) AS texts
      ON texts.queryid = activity.query_id AND texts.dbid = activity.datid
$$;

-- What fills the disk.
CREATE FUNCTION dba.pg_ls_waldir() RETURNS TABLE (name text, size bigint, modification timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT name, size, modification FROM pg_catalog.pg_ls_waldir()
$$;

CREATE FUNCTION dba.pg_ls_archive_statusdir() RETURNS TABLE (name text, size bigint, modification timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT name, size, modification FROM pg_catalog.pg_ls_archive_statusdir()
$$;

CREATE FUNCTION dba.pg_ls_tmpdir() RETURNS TABLE (name text, size bigint, modification timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT name, size, modification FROM pg_catalog.pg_ls_tmpdir()
$$;

CREATE VIEW dba.pg_stat_statements AS SELECT * FROM dba.statements();
CREATE VIEW dba.pg_stat_activity AS SELECT * FROM dba.activity();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dba FROM PUBLIC;
GRANT USAGE ON SCHEMA dba TO dba_user;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dba TO dba_user;
GRANT SELECT ON ALL TABLES IN SCHEMA dba TO dba_user;

-- The names are those of PostgreSQL's views, so that the queries of the runbook pages run as they are.
ALTER ROLE dba_user SET search_path TO dba, monitoring, pg_catalog, public;
