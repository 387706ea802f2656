-- Where one table of a restored copy is put beside the live ones, and the role that puts it there.
--
-- A role of its own: it reads every column, or the table would come back without some, while drill_user, which logs in here each
-- week, reads keys and times alone. It writes in this schema and nowhere else.

CREATE SCHEMA recovery;

DO $$
BEGIN
  BEGIN
    CREATE ROLE recovery_user;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    -- Roles belong to the whole server; unique_violation: another database's migrations make it at this very moment.
    NULL;
  END;
  ALTER ROLE recovery_user LOGIN NOCREATEDB NOCREATEROLE;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO recovery_user;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO recovery_user', current_database());
END $$;

-- Long enough for any table that a function copies within Lambda's 15 minutes.
ALTER ROLE recovery_user SET statement_timeout TO '15min';
-- A guard against mistakes: the copying transaction says that it writes.
ALTER ROLE recovery_user SET default_transaction_read_only TO on;

GRANT USAGE, CREATE ON SCHEMA recovery TO recovery_user;
GRANT USAGE ON SCHEMA public TO recovery_user;
GRANT SELECT ON
  salons, bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics
  TO recovery_user;
-- A table of a later migration is recovered like these.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO recovery_user;
