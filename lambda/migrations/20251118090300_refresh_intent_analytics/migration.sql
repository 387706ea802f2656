-- Counts the intents of one day (UTC) anew from ai_messages: running it twice, or again after late messages, gives the same as once.
-- One statement replaces the day, so that readers see the old counts or the new ones. Returns how many rows it wrote; rows whose
-- count is the same are left alone.
CREATE FUNCTION refresh_intent_analytics(day DATE) RETURNS BIGINT
LANGUAGE sql VOLATILE SET search_path = pg_catalog, public AS $$
  -- Two refreshes of a day follow each other instead of meeting in the rows.
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
