-- The schema into which a drill copies one table of a restored database, next to the live tables, and the roles for it.
--
-- recovery_user copies. It is a separate role, because it must read every column to recover a table completely, while drill_user, which
-- logs in each week, reads only keys and times. It may create nothing: a person who reads its tables as the master would run its views,
-- rules and expressions. So the functions below make, keep and drop copies. They run as their owner, the master, with a fixed search path, and
-- accept no SQL: names are quoted, types must be plain types of PostgreSQL or of this schema.
--
-- copy_reader has no other right than to read copies. A person reads a copy in it: SET ROLE copy_reader.

CREATE SCHEMA recovery;

DO $$
DECLARE
  wanted TEXT;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['recovery_user', 'copy_reader'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      -- Roles belong to the whole server. unique_violation: the migrations of another database are creating the role at this moment.
      NULL;
    END;
  END LOOP;
  ALTER ROLE recovery_user LOGIN NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
  ALTER ROLE copy_reader NOLOGIN NOCREATEDB NOCREATEROLE;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO recovery_user;
  END IF;
  -- The master may take the role that reads copies.
  IF NOT pg_has_role('copy_reader', 'MEMBER') THEN
    GRANT copy_reader TO CURRENT_USER;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO recovery_user', current_database());
END $$;

-- As long as a function may run on Lambda, 15 minutes.
ALTER ROLE recovery_user SET statement_timeout TO '15min';
ALTER ROLE recovery_user SET lock_timeout TO '30s';
ALTER ROLE recovery_user SET idle_in_transaction_session_timeout TO '1min';
-- A guard against mistakes: the transaction that copies a table states READ WRITE.
ALTER ROLE recovery_user SET default_transaction_read_only TO on;

GRANT USAGE ON SCHEMA recovery TO recovery_user, copy_reader;
GRANT USAGE ON SCHEMA public TO recovery_user;
GRANT SELECT ON
  salons, bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics
  TO recovery_user;
-- Tables of later migrations can also be recovered.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO recovery_user;

-- Fails unless recovery.<copy> is an ordinary table without anything that runs when it is read: made by create_copy, and by nobody else.
CREATE FUNCTION recovery.require_copy(copy TEXT) RETURNS VOID
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'recovery' AND c.relname = copy AND c.relkind = 'r' AND c.relowner = n.nspowner
       AND NOT c.relhasrules AND NOT c.relhastriggers AND NOT c.relrowsecurity AND NOT c.relispartition AND NOT c.relhassubclass
       AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
       AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid)
       AND NOT EXISTS (SELECT FROM pg_attrdef WHERE adrelid = c.oid)
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid)
       AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid)
  ) THEN
    RAISE EXCEPTION 'there is no copy of that name in the schema recovery, or it is not an ordinary table'
      USING ERRCODE = 'wrong_object_type', HINT = 'Do not read it. Find out who made it.';
  END IF;
END $$;

-- Makes an empty copy that recovery_user may fill. Returns false when an earlier attempt has completed and kept it.
CREATE FUNCTION recovery.create_copy(copy TEXT, names TEXT[], types TEXT[], required BOOLEAN[]) RETURNS BOOLEAN
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most CONSTANT INTEGER := 20;
  definitions TEXT;
BEGIN
  IF copy !~ '^[^[:cntrl:]]+_[0-9a-f]{12}$' OR octet_length(copy) > 63 THEN
    RAISE EXCEPTION 'a copy is named after its table, then _ and twelve hexadecimal digits, in at most 63 bytes';
  END IF;
  IF cardinality(names) IS DISTINCT FROM cardinality(types) OR cardinality(names) IS DISTINCT FROM cardinality(required) THEN
    RAISE EXCEPTION 'each column needs a name, a type and whether it is required';
  END IF;
  -- Only characters of type names: a comment would hide what follows it. No domain, whose check would run a function.
  IF EXISTS (
    SELECT FROM unnest(types) AS type
     WHERE type IS NULL OR type !~ '^[A-Za-z0-9_ ".,()\[\]]+$' OR NOT EXISTS (
       SELECT FROM pg_type whole LEFT JOIN pg_type element ON element.oid = whole.typelem AND whole.typcategory = 'A'
        WHERE whole.oid = to_regtype(type) AND coalesce(element.typtype, whole.typtype) IN ('b', 'e')
          AND whole.typnamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace))
  ) THEN
    RAISE EXCEPTION 'a column has a type that is neither PostgreSQL''s own nor an enum of the schema public';
  END IF;
  IF EXISTS (
    SELECT FROM pg_class WHERE relnamespace = 'recovery'::regnamespace AND relname = copy
       AND obj_description(oid, 'pg_class') LIKE 'recovered for a person to use; %'
  ) THEN
    RETURN false;
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS recovery.%I', copy);
  IF (SELECT count(*) FROM pg_class WHERE relnamespace = 'recovery'::regnamespace AND relkind = 'r') >= most THEN
    RAISE EXCEPTION 'there are % copies already; drop those that are no longer needed', most
      USING ERRCODE = 'configuration_limit_exceeded';
  END IF;
  SELECT string_agg(format('%I %s%s', name, type, CASE WHEN is_required THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY position)
    INTO definitions
    FROM unnest(names, types, required) WITH ORDINALITY AS columns (name, type, is_required, position);
  EXECUTE format('CREATE TABLE recovery.%I (%s)', copy, definitions);
  EXECUTE format('COMMENT ON TABLE recovery.%I IS %L', copy,
                 'made by a restore drill, which drops it again; ' || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
  EXECUTE format('GRANT SELECT, INSERT ON recovery.%I TO recovery_user', copy);
  EXECUTE format('GRANT SELECT ON recovery.%I TO copy_reader', copy);
  RETURN true;
END $$;

-- Keeps a copy for a person: recovery_user may no longer change or drop it.
CREATE FUNCTION recovery.keep_copy(copy TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM recovery.require_copy(copy);
  EXECUTE format('REVOKE INSERT ON recovery.%I FROM recovery_user', copy);
  EXECUTE format('COMMENT ON TABLE recovery.%I IS %L', copy,
                 'recovered for a person to use; ' || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
END $$;

-- Drops a copy, unless a person keeps it.
CREATE FUNCTION recovery.drop_copy(copy TEXT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_class WHERE relnamespace = 'recovery'::regnamespace AND relname = copy AND relkind = 'r'
       AND obj_description(oid, 'pg_class') LIKE 'made by a restore drill, which drops it again; %'
  ) THEN
    EXECUTE format('DROP TABLE recovery.%I', copy);
  END IF;
END $$;

-- Drops copies that interrupted drills left, when they are over a day old: a younger one may belong to a drill that still runs. Also those
-- that a person has kept for 30 days: they hold customers' data outside of the table's own permissions.
CREATE FUNCTION recovery.drop_leftovers() RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  leftover TEXT;
BEGIN
  FOR leftover IN
    SELECT relname FROM pg_class
     WHERE relnamespace = 'recovery'::regnamespace AND relkind = 'r'
       AND (substring(obj_description(oid, 'pg_class') FROM '^made by a restore drill, which drops it again; (.{19})')::timestamp
              < now() AT TIME ZONE 'UTC' - interval '1 day'
            OR substring(obj_description(oid, 'pg_class') FROM '^recovered for a person to use; (.{19})')::timestamp
              < now() AT TIME ZONE 'UTC' - interval '30 days')
  LOOP
    EXECUTE format('DROP TABLE recovery.%I', leftover);
  END LOOP;
END $$;

-- Inserts the rows of a copy that a table of public lacks. For a person as the master, whose rights it uses.
CREATE FUNCTION recovery.put_back(copy TEXT, live TEXT) RETURNS BIGINT
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  columns TEXT;
  inserted BIGINT;
BEGIN
  PERFORM recovery.require_copy(copy);
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
    FROM pg_attribute
   WHERE attrelid = format('recovery.%I', copy)::regclass AND attnum > 0 AND NOT attisdropped;
  EXECUTE format('INSERT INTO public.%I (%s) SELECT %s FROM recovery.%I ON CONFLICT DO NOTHING', live, columns, columns, copy);
  GET DIAGNOSTICS inserted = ROW_COUNT;
  RETURN inserted;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA recovery FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recovery.require_copy(TEXT) TO recovery_user, copy_reader;
GRANT EXECUTE ON FUNCTION
  recovery.create_copy(TEXT, TEXT[], TEXT[], BOOLEAN[]), recovery.keep_copy(TEXT), recovery.drop_copy(TEXT), recovery.drop_leftovers()
  TO recovery_user;
