import {
  APP_USER,
  CARE_USER,
  DBA_USER,
  DRILL_USER,
  METRICS_USER,
  READONLY_USER,
  RECOVERY_USER,
} from '../../../contract/roles';
import { type Action, type ActionGroup, BYSTANDER, NOBODY, type ProbedRole } from '../action';

/** Roles that read what customers wrote, and who they are. */
const READERS: readonly ProbedRole[] = [APP_USER, READONLY_USER, RECOVERY_USER];

function column(name: string, table: string, columns: string, allowed: readonly ProbedRole[]): Action {
  const from = table.startsWith('pg_') ? `pg_catalog.${table}` : `public.${table}`;
  return { name: `read ${name}`, sql: `SELECT ${columns} FROM ${from}`, allowed };
}

/** Columns with customers' data and secrets, the database's own catalogs, and what other sessions do. */
export const READING: ActionGroup = {
  title: 'Reading',
  actions: [
    column('access tokens of salons', 'salons', 'access_token', [APP_USER, RECOVERY_USER]),
    column('whole rows of salons', 'salons', 'salons', [APP_USER, RECOVERY_USER]),
    column('names of salons', 'salons', 'name', READERS),
    column("customers' names", 'bookings', 'customer_name', READERS),
    column("customers' phone numbers in bookings", 'bookings', 'customer_phone', READERS),
    column('notes of bookings', 'bookings', 'notes', READERS),
    column('times of bookings', 'bookings', 'start_ts, status', [...READERS, METRICS_USER, DBA_USER]),
    column('texts of messages', 'messages', 'content', READERS),
    column('phone numbers of messages', 'messages', 'phone_number', READERS),
    column('metadata of messages', 'messages', 'metadata', READERS),
    column('keys and times of messages', 'messages', 'id, created_at', [
      ...READERS,
      METRICS_USER,
      DRILL_USER,
      DBA_USER,
    ]),
    column('conversation ids of messages, which may be phone numbers', 'messages', 'conversation_id', READERS),
    column('contents of templates', 'templates', 'content', READERS),
    column('phone numbers of conversations', 'conversations', 'phone_number', READERS),
    column('payloads of webhooks', 'webhook_logs', 'payload', READERS),
    column('errors of webhooks', 'webhook_logs', 'error', READERS),
    column('phone numbers of AI conversations', 'ai_conversations', 'phone_number', READERS),
    column('conversation ids of AI conversations', 'ai_conversations', 'conversation_id', READERS),
    column('texts of AI messages', 'ai_messages', 'content', READERS),
    column('intents of AI messages', 'ai_messages', 'intent', READERS),
    column('times and tokens of AI messages', 'ai_messages', 'tokens_used, cost', [...READERS, METRICS_USER, DBA_USER]),
    column('intents of customers', 'intent_analytics', 'intent', READERS),
    column('names of migrations', '_prisma_migrations', 'migration_name', [DRILL_USER, DBA_USER]),
    column('logs of migrations', '_prisma_migrations', 'logs', NOBODY),
    column('the heartbeat', 'heartbeat', 'beat_at', [METRICS_USER, DRILL_USER, DBA_USER]),
    column('sizes of the database', 'database_sizes', 'bytes', [METRICS_USER, DBA_USER, CARE_USER]),
    column('what a salon usually can take', 'salon_capacities', 'parallel', [METRICS_USER, DBA_USER]),
    column("the collector's state", 'collector_state', 'state', [METRICS_USER, DBA_USER]),
    column('what the care functions found', 'care_snapshots', 'rows', [DBA_USER, CARE_USER]),
    {
      name: 'read access tokens in the statistics of the planner',
      sql: "SELECT FROM pg_stats WHERE tablename = 'salons' AND attname = 'access_token'",
      needsRow: true,
      allowed: [APP_USER, RECOVERY_USER],
    },
    column("roles' password hashes", 'pg_authid', 'rolpassword', NOBODY),
    column("owners' mappings to other servers", 'pg_user_mapping', 'umoptions', NOBODY),
    column('log-ins of subscriptions', 'pg_subscription', 'subconninfo', NOBODY),
    {
      name: "read the statement of another role's session",
      sql: `SELECT FROM pg_catalog.pg_stat_activity WHERE usename = '${BYSTANDER}' AND query LIKE '%planted%'`,
      needsRow: true,
      allowed: NOBODY,
    },
    {
      name: 'read statements of other roles in pg_stat_statements',
      sql: `SELECT FROM public.pg_stat_statements(true) WHERE userid <> CURRENT_USER::regrole
              AND query IS NOT NULL AND query <> '<insufficient privilege>'`,
      needsRow: true,
      allowed: NOBODY,
    },
    {
      name: 'see what sessions wait for, without their statements',
      sql: 'SELECT FROM monitoring.activity()',
      allowed: [METRICS_USER, DBA_USER, CARE_USER],
    },
    {
      name: 'read the form of statements, without their constants',
      sql: 'SELECT FROM dba.statements()',
      allowed: [DBA_USER, CARE_USER],
    },
    { name: 'read the name of a file of the server', sql: 'SHOW hba_file', allowed: NOBODY },
  ],
};
