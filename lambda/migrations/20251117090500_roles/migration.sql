-- Roles with least privilege. Roles belong to the whole server, so the migrations of another database may have created them already.
-- No role gets a password here: app_user's comes from its secret, the others log in to RDS with IAM tokens.

DO $$
DECLARE
  wanted TEXT;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['app_user', 'readonly_user', 'metrics_user', 'drill_user'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      -- unique_violation: the migrations of another database are creating the role at this moment.
      NULL;
    END;
    EXECUTE format('ALTER ROLE %I LOGIN NOCREATEDB NOCREATEROLE', wanted);
  END LOOP;
END $$;

-- app_user does not inherit the privileges of roles that it is a member of. The others do, because RDS documents rds_iam only for
-- roles that inherit.
ALTER ROLE app_user NOINHERIT;

-- On RDS, a member of rds_iam logs in with an IAM token and not with a password. app_user is not a member: the proxy logs it in with its
-- password.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO readonly_user, metrics_user, drill_user;
  END IF;
END $$;

-- No role but app_user, which the others must not stop, can take all connections of a server. lib/contract/roles.ts has the reasons.
ALTER ROLE readonly_user CONNECTION LIMIT 20;
ALTER ROLE metrics_user CONNECTION LIMIT 10;
ALTER ROLE drill_user CONNECTION LIMIT 5;

-- The name of the database is not written here, because Prisma checks migrations in a shadow database with another name.
DO $$
BEGIN
  -- CONNECT, and TEMPORARY: without it nobody has a schema of their own in which names could hide others.
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO app_user, readonly_user, metrics_user, drill_user', current_database());
  -- Columns without a time zone hold UTC, and queries compare them with now().
  EXECUTE format('ALTER DATABASE %I SET timezone TO ''UTC''', current_database());
END $$;

-- migration-lint allows access: the roles that need the schema get USAGE in the next statement, and no application runs before this file
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app_user, readonly_user, metrics_user, drill_user;

-- Everybody may connect to template1, where a session prevents CREATE DATABASE. The migrate function closes the database postgres, because
-- RDS Proxy needs it and makes its own role only later. The master owns both on RDS.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_database WHERE datname = 'template1' AND pg_has_role(datdba, 'USAGE'))
     AND has_database_privilege('public', 'template1', 'CONNECT') THEN
    REVOKE ALL ON DATABASE template1 FROM PUBLIC;
  END IF;
END $$;

-- By default everybody may execute a new function, also one that runs as its owner. A migration that adds one must grant it.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Large objects belong to no table, temp_file_limit does not apply to them, and every role may write them. Only the owner of these
-- functions may close them: where the migrations run as a superuser they do, on RDS this has no effect.
DO $$
DECLARE
  writer regprocedure;
BEGIN
  FOR writer IN
    SELECT oid FROM pg_proc
     WHERE pronamespace = 'pg_catalog'::regnamespace
       AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite', 'lo_import', 'lo_export')
       AND pg_has_role(proowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', writer);
  END LOOP;
END $$;

-- Timeouts are set per role, because RDS Proxy does not pass on start-up options, and a global timeout would apply to migrations too.
-- lock_timeout is shorter, so that sessions do not queue behind one that waits. An idle transaction holds locks and row versions.
ALTER ROLE app_user SET statement_timeout TO '30s';
ALTER ROLE app_user SET lock_timeout TO '10s';
ALTER ROLE app_user SET idle_in_transaction_session_timeout TO '1min';
ALTER ROLE readonly_user SET statement_timeout TO '5min';
ALTER ROLE readonly_user SET lock_timeout TO '10s';
ALTER ROLE readonly_user SET idle_in_transaction_session_timeout TO '5min';
ALTER ROLE metrics_user SET statement_timeout TO '10s';
ALTER ROLE metrics_user SET lock_timeout TO '2s';
ALTER ROLE metrics_user SET idle_in_transaction_session_timeout TO '1min';
-- The collector uses its session each minute. Lambda ends an instance of its function without closing the session.
ALTER ROLE metrics_user SET idle_session_timeout TO '5min';
ALTER ROLE drill_user SET statement_timeout TO '10min';
ALTER ROLE drill_user SET lock_timeout TO '30s';
ALTER ROLE drill_user SET idle_in_transaction_session_timeout TO '1min';
-- Only a guard against mistakes, because a session may switch it off. The data is protected by the grants below, which allow no writes.
ALTER ROLE readonly_user SET default_transaction_read_only TO on;
ALTER ROLE drill_user SET default_transaction_read_only TO on;

-- app_user: the application's reads and writes, on these tables and on tables of later migrations.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  salons, bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics
  TO app_user;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO app_user;

-- The other roles get no default privileges: a migration that adds a table must grant what they may read of it.

-- readonly_user: everything except salons.access_token, which allows anybody to send messages in a salon's name.
GRANT SELECT ON
  bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics
  TO readonly_user;
GRANT SELECT (id, name, phone_number_id, is_active, created_at, updated_at) ON salons TO readonly_user;

-- metrics_user: counts and times, but no name, phone number, text or payload. Also no conversation id, service or intent: the application
-- may put anything into them, even a phone number, and no metric needs them.
GRANT SELECT (id, is_active, created_at) ON salons TO metrics_user;
GRANT SELECT (id, salon_id, start_ts, end_ts, status, created_at) ON bookings TO metrics_user;
GRANT SELECT (id, salon_id, direction, message_type, status, cost, created_at) ON messages TO metrics_user;
GRANT SELECT (id, salon_id, status, created_at) ON templates TO metrics_user;
GRANT SELECT (id, salon_id, status, started_at, last_message_at, message_count, cost) ON conversations TO metrics_user;
GRANT SELECT (id, salon_id, event_type, status, processing_time_ms, created_at) ON webhook_logs TO metrics_user;
GRANT SELECT (id, salon_id, ai_model, total_tokens, total_cost, message_count, last_activity, created_at)
  ON ai_conversations TO metrics_user;
GRANT SELECT (id, salon_id, direction, ai_model, tokens_used, cost, response_time_ms, created_at)
  ON ai_messages TO metrics_user;
GRANT SELECT (id, salon_id, count, date) ON intent_analytics TO metrics_user;

-- drill_user: checks by keys and times that a restored database is complete, and reads its migration history. No conversation id, which
-- may be a phone number.
GRANT SELECT (id, created_at, updated_at) ON salons TO drill_user;
GRANT SELECT (id, salon_id, created_at, updated_at) ON bookings, templates, intent_analytics TO drill_user;
GRANT SELECT (id, salon_id, created_at) ON messages, ai_messages TO drill_user;
GRANT SELECT (id, salon_id, last_activity, created_at) ON ai_conversations TO drill_user;
GRANT SELECT (id, salon_id, last_message_at, created_at) ON conversations TO drill_user;
GRANT SELECT (id, salon_id, created_at) ON webhook_logs TO drill_user;

-- Without logs: Prisma's engine stores the messages of failed migrations there, which may quote data. Prisma's shadow database has no
-- migration history.
DO $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    REVOKE ALL ON _prisma_migrations FROM app_user;
    GRANT SELECT (migration_name, started_at, finished_at, rolled_back_at) ON _prisma_migrations TO drill_user;
  END IF;
END $$;
