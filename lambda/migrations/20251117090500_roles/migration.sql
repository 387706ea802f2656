-- Roles with least privilege. They belong to the whole server, so that another database of it may have made them already.
-- None has a password here: app_user's comes from its secret, the others log in to RDS with IAM tokens.

DO $$
DECLARE
  wanted TEXT;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['app_user', 'readonly_user', 'metrics_user', 'drill_user'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      -- unique_violation: the migrations of another database make it at this very moment.
      NULL;
    END;
    EXECUTE format('ALTER ROLE %I LOGIN NOCREATEDB NOCREATEROLE', wanted);
  END LOOP;
END $$;

-- Membership alone gives the application nothing. The others inherit, because RDS documents rds_iam only with roles that do.
ALTER ROLE app_user NOINHERIT;

-- RDS's own role lets a user log in with a token, and only so. Not app_user: the proxy logs it in with its password.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO readonly_user, metrics_user, drill_user;
  END IF;
END $$;

-- The database's name is not written here: Prisma checks migrations in a shadow database of another name.
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO app_user, readonly_user, metrics_user, drill_user', current_database());
  -- The columns without a zone mean UTC, also where now() is compared with them.
  EXECUTE format('ALTER DATABASE %I SET timezone TO ''UTC''', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app_user, readonly_user, metrics_user, drill_user;

-- Limits by role, because RDS Proxy passes no start-up options on and a global limit would hit migrations.
ALTER ROLE app_user SET statement_timeout TO '30s';
ALTER ROLE readonly_user SET statement_timeout TO '5min';
ALTER ROLE metrics_user SET statement_timeout TO '10s';
ALTER ROLE drill_user SET statement_timeout TO '10min';
-- A guard against mistakes only, since a session may switch it off: what protects the data is that no write is granted below.
ALTER ROLE readonly_user SET default_transaction_read_only TO on;
ALTER ROLE drill_user SET default_transaction_read_only TO on;

-- app_user: what the application does, on these tables and on those of later migrations.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  salons, bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics
  TO app_user;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO app_user;

-- The other roles get nothing by default: a migration that adds a table says what they may read of it.

-- readonly_user: everything but salons.access_token, with which anybody can write messages in a salon's name.
GRANT SELECT ON
  bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics
  TO readonly_user;
GRANT SELECT (id, name, phone_number_id, is_active, created_at, updated_at) ON salons TO readonly_user;

-- metrics_user: counts and times, and reads no name, number, text or payload. Nor conversation ids, service or intent, which the
-- application fills as it likes, a phone number included, and no metric needs.
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

-- drill_user: proves a restored copy complete by keys and times, and sees which migrations it has.
GRANT SELECT (id, created_at, updated_at) ON salons TO drill_user;
GRANT SELECT (id, salon_id, created_at, updated_at) ON bookings, templates, intent_analytics TO drill_user;
GRANT SELECT (id, salon_id, conversation_id, created_at) ON messages, ai_messages TO drill_user;
GRANT SELECT (id, salon_id, conversation_id, last_activity, created_at) ON ai_conversations TO drill_user;
GRANT SELECT (id, salon_id, last_message_at, created_at) ON conversations TO drill_user;
GRANT SELECT (id, salon_id, created_at) ON webhook_logs TO drill_user;

-- Prisma's shadow database has no migration history.
DO $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    REVOKE ALL ON _prisma_migrations FROM app_user;
    GRANT SELECT ON _prisma_migrations TO drill_user;
  END IF;
END $$;
