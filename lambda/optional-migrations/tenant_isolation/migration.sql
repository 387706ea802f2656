-- Optional: the server keeps each salon's rows to that salon, so that a query of the application that forgets its WHERE returns nothing
-- of others. Read README.md beside this folder first.
--
-- In each transaction the application says for whom it works: set_config('app.salon_id', <id of the salon>, true), or '*' for work over
-- all salons. Without it app_user sees no row and writes none. The other roles are not restricted: what they may read, their grants say.
--
-- This guards against mistakes in queries. It does not stop somebody who runs statements of their own as app_user: they may set '*' as well.

DO $$
DECLARE
  tenant CONSTANT TEXT := $tenant$(SELECT current_setting('app.salon_id', true))$tenant$;
  key TEXT;
  target TEXT;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'salons', 'bookings', 'messages', 'templates', 'conversations', 'webhook_logs', 'ai_conversations', 'ai_messages', 'intent_analytics'
  ] LOOP
    key := CASE target WHEN 'salons' THEN 'id' ELSE 'salon_id' END;
    -- The setting is read once for each query, not once for each row, because it stands in a subquery.
    EXECUTE format('CREATE POLICY salon_of_the_transaction ON %I TO app_user USING (%s = %I OR %s = ''*'')', target, tenant, key, tenant);
    EXECUTE format(
      'CREATE POLICY all_salons ON %I FOR SELECT TO readonly_user, metrics_user, drill_user, recovery_user, dba_user, care_user USING (true)', target);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
  END LOOP;
END $$;

-- Which salon a webhook belongs to, before the application knows: only the id, never the row with the access token.
CREATE FUNCTION salon_of_phone_number_id(wanted TEXT) RETURNS TEXT
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM public.salons WHERE phone_number_id = wanted
$$;
REVOKE ALL ON FUNCTION salon_of_phone_number_id(TEXT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION salon_of_phone_number_id(TEXT) TO app_user;
