-- Counts the intents of one day (UTC) from ai_messages. It can be repeated, also after late messages: the result is always the count of
-- the messages that exist. One statement replaces the day, so readers see either the old counts or the new ones. Returns the number of
-- rows that it wrote or deleted. Rows with an unchanged count are not written.
CREATE FUNCTION refresh_intent_analytics(day DATE) RETURNS BIGINT
LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
  -- Two refreshes of the same day run one after the other.
  SELECT pg_advisory_xact_lock(hashtext('refresh_intent_analytics'), day - DATE '2000-01-01');

  WITH counted AS (
    SELECT salon_id, intent, count(*)::integer AS messages
      FROM ai_messages
     WHERE created_at >= day::timestamp AND created_at < (day + 1)::timestamp AND intent IS NOT NULL
     GROUP BY salon_id, intent
  ), vanished AS (
    DELETE FROM intent_analytics AS stored
     WHERE stored.date = day
       AND NOT EXISTS (SELECT FROM counted WHERE counted.salon_id = stored.salon_id AND counted.intent = stored.intent)
    RETURNING 1
  ), written AS (
    INSERT INTO intent_analytics AS stored (id, salon_id, intent, count, date, created_at, updated_at)
    SELECT gen_random_uuid()::text, salon_id, intent, messages, day, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM counted
    ON CONFLICT (salon_id, intent, date) DO UPDATE SET count = EXCLUDED.count, updated_at = EXCLUDED.updated_at
     WHERE stored.count <> EXCLUDED.count
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM vanished);
$$;

REVOKE ALL ON FUNCTION refresh_intent_analytics(DATE) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_intent_analytics(DATE) TO app_user;
