import { APP_USER, CARE_USER, METRICS_USER, RECOVERY_USER } from '../../../contract/roles';
import { type ActionGroup, NOBODY } from '../action';

/** Rows that roles write, and rows that prove something to somebody else. */
export const WRITING: ActionGroup = {
  title: 'Writing',
  actions: [
    {
      name: 'add a message',
      sql: `INSERT INTO public.messages (id, salon_id, direction, phone_number, message_type, content)
              SELECT 'probe', min(id), 'INBOUND', '1', 'TEXT', 'x' FROM public.salons`,
      allowed: [APP_USER],
    },
    { name: 'change bookings', sql: "UPDATE public.bookings SET status = 'CANCELLED'", allowed: [APP_USER] },
    { name: "change customers' names", sql: "UPDATE public.bookings SET customer_name = 'x'", allowed: [APP_USER] },
    { name: 'delete messages', sql: 'DELETE FROM public.messages', allowed: [APP_USER] },
    { name: 'change access tokens', sql: "UPDATE public.salons SET access_token = 'x'", allowed: [APP_USER] },
    { name: 'empty a table (TRUNCATE)', sql: 'TRUNCATE public.webhook_logs', allowed: NOBODY },
    {
      name: 'refresh the intent analytics',
      sql: "SELECT public.refresh_intent_analytics('2026-01-01')",
      allowed: [APP_USER],
    },
    {
      name: 'refresh the intent analytics as the care functions do',
      sql: "SELECT care.refresh_intent_analytics('2026-01-01')",
      allowed: [CARE_USER],
    },
    {
      name: 'analyze a table of the application',
      sql: "SELECT care.analyze_table('public.bookings')",
      allowed: [CARE_USER],
    },
    {
      name: 'keep what the care functions found',
      sql: "INSERT INTO public.care_snapshots VALUES ('probe', now(), '[]')",
      allowed: [CARE_USER],
    },
    {
      name: 'change what the care functions found',
      sql: "UPDATE public.care_snapshots SET rows = '[]'",
      allowed: NOBODY,
    },
    {
      name: 'add a migration to the history',
      sql: "INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES ('x', 'x', 'x')",
      allowed: NOBODY,
    },
    { name: 'delete the history of migrations', sql: 'DELETE FROM public._prisma_migrations', allowed: NOBODY },
    {
      name: 'write the heartbeat',
      sql: 'INSERT INTO public.heartbeat (id, beat_at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET beat_at = now()',
      allowed: [METRICS_USER],
    },
    { name: 'delete the heartbeat', sql: 'DELETE FROM public.heartbeat', allowed: NOBODY },
    {
      name: "write a day's size",
      sql: "INSERT INTO public.database_sizes VALUES ('2020-01-01', 1)",
      allowed: [METRICS_USER],
    },
    { name: "change a day's size", sql: 'UPDATE public.database_sizes SET bytes = 0', allowed: NOBODY },
    {
      name: "write the collector's state",
      sql: "INSERT INTO public.collector_state VALUES (1, 1, '{}') ON CONFLICT (id) DO UPDATE SET version = excluded.version",
      allowed: [METRICS_USER],
    },
    { name: "delete the collector's state", sql: 'DELETE FROM public.collector_state', allowed: NOBODY },
    {
      name: 'make an empty copy in the schema of recovered copies',
      sql: "SELECT recovery.create_copy('probe_0123456789ab', ARRAY['id'], ARRAY['text'], ARRAY[true])",
      allowed: [RECOVERY_USER],
    },
    {
      name: 'put a recovered copy back into its table',
      sql: "SELECT recovery.put_back('messages_0123456789ab', 'messages')",
      allowed: NOBODY,
    },
    { name: 'read a recovered copy that somebody else made', sql: 'SELECT FROM recovery.probe_copy', allowed: NOBODY },
    { name: 'change a recovered copy', sql: 'DELETE FROM recovery.probe_copy', allowed: NOBODY },
  ],
};
