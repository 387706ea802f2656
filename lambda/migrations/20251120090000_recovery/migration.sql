-- The schema into which a drill copies one table of a restored database, next to the live tables, and the role that copies it.
--
-- It is a separate role, because it must read every column to recover a table completely, while drill_user, which logs in each week,
-- reads only keys and times. It may write only in this schema.

CREATE SCHEMA recovery;

DO $$
BEGIN
  BEGIN
    CREATE ROLE recovery_user;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    -- Roles belong to the whole server. unique_violation: the migrations of another database are creating the role at this moment.
    NULL;
  END;
  ALTER ROLE recovery_user LOGIN NOCREATEDB NOCREATEROLE;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO recovery_user;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO recovery_user', current_database());
END $$;

-- As long as a function may run on Lambda, 15 minutes.
ALTER ROLE recovery_user SET statement_timeout TO '15min';
-- A guard against mistakes: the transaction that copies a table states READ WRITE.
ALTER ROLE recovery_user SET default_transaction_read_only TO on;

GRANT USAGE, CREATE ON SCHEMA recovery TO recovery_user;
GRANT USAGE ON SCHEMA public TO recovery_user;
GRANT SELECT ON
  salons, bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics
  TO recovery_user;
-- Tables of later migrations can also be recovered.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO recovery_user;
