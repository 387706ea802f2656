import type { Change } from './change';

const ROLES = 'lambda/migrations/20251117090500_roles/migration.sql';
const PARAMETERS = 'lib/config/postgres-parameters.ts';

/** Changes of the schema, of roles and of parameters. */
const SERVERS: readonly Change[] = [
  {
    what: 'an index is not made',
    file: 'lambda/migrations/20251118100007_idx_message_salon_created/migration.sql',
    find: '(salon_id, created_at DESC)',
    replace: '(created_at DESC)',
    says: /salon messages.*index/,
  },
  {
    what: 'readonly_user may read access tokens',
    file: ROLES,
    find: 'GRANT SELECT (id, name, phone_number_id, is_active, created_at, updated_at) ON salons TO readonly_user;',
    replace: 'GRANT SELECT ON salons TO readonly_user;',
    says: /readonly_user.*salons|access token/,
  },
  {
    what: 'readonly_user may write',
    file: ROLES,
    after: '-- readonly_user: everything',
    find: 'GRANT SELECT ON\n  bookings,',
    replace: 'GRANT SELECT, UPDATE ON\n  bookings,',
    says: /readonly_user/,
  },
  {
    what: 'metrics_user may not count messages',
    file: ROLES,
    find: 'GRANT SELECT (id, salon_id, direction, message_type, status, cost, created_at) ON messages TO metrics_user;\n',
    replace: '',
    says: /metrics_user|messages/,
  },
  {
    what: 'app_user may make roles',
    file: ROLES,
    find: 'ALTER ROLE app_user NOINHERIT;',
    replace: 'ALTER ROLE app_user NOINHERIT CREATEROLE;',
    says: /app_user/,
  },
  {
    what: 'everybody may create tables in public',
    file: ROLES,
    find: 'GRANT USAGE ON SCHEMA public TO app_user, readonly_user, metrics_user, drill_user;',
    replace: 'GRANT USAGE, CREATE ON SCHEMA public TO app_user, readonly_user, metrics_user, drill_user;',
    says: /_user/,
  },
  {
    what: 'a statement of app_user may take forever',
    file: ROLES,
    find: "ALTER ROLE app_user SET statement_timeout TO '30s';\n",
    replace: '',
    says: /app_user|statement_timeout/,
  },
  {
    what: 'a replica lets clients in without TLS',
    file: PARAMETERS,
    find: "    hot_standby_feedback: '1',",
    replace: "    hot_standby_feedback: '1',\n    'rds.force_ssl': '0',",
    says: /replica.*TLS|TLS.*replica/,
  },
  {
    what: 'the primary lets clients in without TLS',
    file: PARAMETERS,
    find: "  'rds.force_ssl': '1',",
    replace: "  'rds.force_ssl': '0',",
    says: /TLS/,
  },
  {
    what: 'statements are logged',
    file: PARAMETERS,
    find: "    log_statement: 'none',",
    replace: "    log_statement: 'all',",
    says: /the log of .* holds a/,
  },
  {
    what: 'values of parameters are logged with slow statements',
    file: PARAMETERS,
    find: "log_min_duration_statement: slowStatementsMs ? String(slowStatementsMs) : '-1',\n    log_parameter_max_length: '0',",
    replace: "log_min_duration_statement: '0',",
    says: /the log of .* holds a/,
  },
  {
    what: 'errors are logged, with the values that they quote',
    file: PARAMETERS,
    find: "    log_min_messages: errors ? 'warning' : 'log',",
    replace: "    log_min_messages: 'error',",
    says: /the log of .* holds a/,
  },
  {
    what: 'connections are used up by 50 clients',
    file: PARAMETERS,
    find: 'max_connections: String(maxConnections)',
    replace: "max_connections: '50'",
    says: /PostgreSQLTooManyConnections/,
  },
];

/** Changes of backups, drills and what they check. */
const RECOVERY: readonly Change[] = [
  {
    what: 'the check of a restored database accepts everything',
    file: 'lambda/drill-check/validate.ts',
    find: 'if (faults.length > 0 || !heartbeatAt)',
    replace: 'if (!heartbeatAt)',
    says: /passes although/,
  },
  {
    what: 'the check of a restored database compares no rows',
    file: 'lambda/shared/restored-database/decide.ts',
    find: 'if (missing <= 0) return [];',
    replace: 'if (missing <= 1e9) return [];',
    says: /passes although/,
  },
  {
    what: 'the test of AWS Backup accepts everything',
    file: 'lambda/restore-validation/decide.ts',
    find: "if ('fault' in outcome) return { status: 'FAILED'",
    replace: "if ('fault' in outcome) return { status: 'SUCCESSFUL'",
    says: /passes although/,
  },
  {
    what: 'a drill does not delete its instance',
    file: 'lambda/drill/steps.ts',
    find: "&& instance.DBInstanceStatus !== 'deleting') await rds.delete(id);",
    replace: "&& instance.DBInstanceStatus === 'deleting') await rds.delete(id);",
    says: /delet|left/i,
  },
  {
    what: 'a drill restores the newest moment instead of the wanted one',
    file: 'lambda/drill/target.ts',
    find: '...(target.restoreTime === undefined\n',
    replace: '...(target.restoreTime !== undefined\n',
    says: /rest/i,
  },
  {
    what: 'nothing writes the heartbeat',
    file: 'lib/contract/own-rows.ts',
    find: 'SET beat_at = excluded.beat_at',
    replace: 'SET beat_at = heartbeat.beat_at',
    says: /heartbeat/,
  },
];

/** Changes of the database and of its recovery. */
export const DATABASE_CHANGES: readonly Change[] = [...SERVERS, ...RECOVERY];
