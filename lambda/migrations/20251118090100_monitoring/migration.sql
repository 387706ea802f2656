-- What metrics_user sees of other sessions: everything in the statistics views except the text of statements.
--
-- The alternative is GRANT pg_monitor (or pg_read_all_stats, its smallest part that shows other sessions), which is one line. But it shows
-- the statement of every session and all texts in pg_stat_statements: their literals are customers' data, and utility statements contain
-- password verifiers. pg_read_all_settings shows primary_conninfo, on a replica with the password of replication. Plain views would not
-- help, because statistics functions check the privileges of the current user, not of the view's owner. So these are functions that run
-- as their owner, the master user, who has pg_monitor through rds_superuser. Each has a fixed search path, with pg_temp last, and no
-- parameter.
--
-- The views have the names of PostgreSQL's views, and metrics_user's search path finds them first, so the same query works for a superuser
-- and for metrics_user. Everybody may read these without them: pg_replication_slots, pg_stat_archiver, pg_stat_database,
-- pg_stat_user_tables, pg_stat_user_indexes, pg_locks, and pg_settings except file names, libraries and connection strings.

DO $$
BEGIN
  IF NOT pg_has_role('pg_read_all_stats', 'USAGE') THEN
    RAISE EXCEPTION 'the user % may not read the statistics of other sessions, so that metrics_user would see none', current_user
      USING HINT = 'Run the migrations as the master user, a member of rds_superuser, or grant it pg_monitor.';
  END IF;
END $$;

CREATE SCHEMA monitoring;

-- The functions are PL/pgSQL, because it plans a statement once per session. A function in SQL plans it in each call, which takes several times
-- as long as the statement.

CREATE FUNCTION monitoring.activity() RETURNS TABLE (
  datid oid, datname name, pid integer, leader_pid integer, usesysid oid, usename name, application_name text, client_addr inet,
  backend_start timestamptz, xact_start timestamptz, query_start timestamptz, state_change timestamptz, wait_event_type text,
  wait_event text, state text, backend_xid xid, backend_xmin xid, query_id bigint, backend_type text
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT datid, datname, pid, leader_pid, usesysid, usename, application_name, client_addr,
         backend_start, xact_start, query_start, state_change, wait_event_type,
         wait_event, state, backend_xid, backend_xmin, query_id, backend_type
    FROM pg_catalog.pg_stat_activity;
END $$;

CREATE FUNCTION monitoring.replication() RETURNS SETOF pg_catalog.pg_stat_replication
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT * FROM pg_catalog.pg_stat_replication;
END $$;

-- Without conninfo: shows who replicates from where, but not the log-in.
CREATE FUNCTION monitoring.wal_receiver() RETURNS TABLE (
  pid integer, status text, receive_start_lsn pg_lsn, receive_start_tli integer, written_lsn pg_lsn, flushed_lsn pg_lsn,
  received_tli integer, last_msg_send_time timestamptz, last_msg_receipt_time timestamptz, latest_end_lsn pg_lsn,
  latest_end_time timestamptz, slot_name text, sender_host text, sender_port integer
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT pid, status, receive_start_lsn, receive_start_tli, written_lsn, flushed_lsn,
         received_tli, last_msg_send_time, last_msg_receipt_time, latest_end_lsn,
         latest_end_time, slot_name, sender_host, sender_port
    FROM pg_catalog.pg_stat_wal_receiver;
END $$;

-- Without the text: queryid identifies a statement, and the master user finds its text by it. Only columns that later versions of the
-- extension still have.
CREATE FUNCTION monitoring.statements() RETURNS TABLE (
  userid oid, dbid oid, toplevel boolean, queryid bigint, calls bigint, total_exec_time double precision,
  min_exec_time double precision, max_exec_time double precision, mean_exec_time double precision,
  stddev_exec_time double precision, rows bigint, shared_blks_hit bigint, shared_blks_read bigint, temp_blks_read bigint,
  temp_blks_written bigint, wal_bytes numeric
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT userid, dbid, toplevel, queryid, calls, total_exec_time,
         min_exec_time, max_exec_time, mean_exec_time,
         stddev_exec_time, rows, shared_blks_hit, shared_blks_read, temp_blks_read,
         temp_blks_written, wal_bytes
    FROM public.pg_stat_statements(showtext => false);
END $$;

CREATE VIEW monitoring.pg_stat_activity AS SELECT * FROM monitoring.activity();
CREATE VIEW monitoring.pg_stat_replication AS SELECT * FROM monitoring.replication();
CREATE VIEW monitoring.pg_stat_wal_receiver AS SELECT * FROM monitoring.wal_receiver();
CREATE VIEW monitoring.pg_stat_statements AS SELECT * FROM monitoring.statements();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA monitoring FROM PUBLIC;
GRANT USAGE ON SCHEMA monitoring TO metrics_user;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA monitoring TO metrics_user;
GRANT SELECT ON ALL TABLES IN SCHEMA monitoring TO metrics_user;

ALTER ROLE metrics_user SET search_path TO monitoring, pg_catalog, public;
