import { WATCHERS } from '../application-sessions';
import { check, type Finding, failed, listed, noneOf, passed, WEIGHTS } from '../check';
import { type Database, MONITOR, requireSessions, settings } from '../database';

type Values = Readonly<Record<string, string>>;

interface Watchers {
  /** Sessions of tools that watch. */
  readonly sessions: readonly string[];
  /** Roles that may log in, are no superusers, and see the statistics of others. */
  readonly roles: readonly string[];
}

async function readWatchers(database: Database): Promise<Watchers> {
  requireSessions(database);
  const sessions = await database.rows<{ name: string }>(
    `SELECT DISTINCT s.application_name AS name FROM pg_stat_activity AS s WHERE s.backend_type = 'client backend' AND s.pid <> pg_backend_pid()`,
  );
  const roles = await database.rows<{ name: string }>(
    `SELECT rolname::text AS name FROM pg_roles AS r
      WHERE rolcanlogin AND NOT rolsuper AND NOT rolcreaterole AND rolname <> current_user AND rolname !~ '^rds' AND pg_has_role(r.oid, 'pg_read_all_stats', 'USAGE')`,
  );
  return {
    sessions: sessions.map(({ name }) => name).filter((name) => WATCHERS.test(name)),
    roles: roles.map(({ name }) => name),
  };
}

/** Judges whether somebody would see a fault. */
function decideWatchers({ sessions, roles }: Watchers): Finding {
  if (sessions.length > 0) return passed(`sessions of a tool that watches: ${listed(sessions)}`);
  if (roles.length > 0) return passed(`roles for monitoring: ${listed(roles)}`);
  return failed('no session of a monitoring tool, and no role for one');
}

/** Where a statement with a password would be written to the log. */
const WRITES_STATEMENTS = ['log_statement', 'log_min_duration_statement'];

/** Judges whether ALTER ROLE … PASSWORD would be in the log. */
function decideLogSecrets(values: Values): Finding {
  const objections = [
    ...(['ddl', 'mod', 'all'].includes(values['log_statement'] ?? 'none')
      ? [`log_statement is ${values['log_statement']}`]
      : []),
    ...(values['log_min_duration_statement'] === '0' ? ['log_min_duration_statement is 0'] : []),
  ];
  return noneOf(objections, 'statements are not written to the log as such');
}

/** Who watches the server, and what it tells of itself. */
export const MONITORING_CHECKS = [
  check({
    name: 'somebody watches',
    area: 'monitoring',
    weight: WEIGHTS.outage,
    question:
      'Does a tool read the statistics, so that a fault is noticed? Whether its alarms reach anybody cannot be seen',
    action: 'let a tool such as postgres_exporter log in with a role in pg_monitor, and let its alarms page a person',
    right: MONITOR,
    read: readWatchers,
    decide: decideWatchers,
  }),
  check({
    name: 'statements are counted',
    area: 'monitoring',
    weight: WEIGHTS.work,
    question: 'Does pg_stat_statements tell which statements take the time?',
    action: 'add pg_stat_statements to shared_preload_libraries, restart, and CREATE EXTENSION pg_stat_statements',
    read: ({ rows }) =>
      rows<{ name: string }>("SELECT extname::text AS name FROM pg_extension WHERE extname = 'pg_stat_statements'"),
    decide: (found) =>
      found.length > 0
        ? passed('pg_stat_statements is installed here')
        : failed('pg_stat_statements is not installed in this database'),
  }),
  check({
    name: 'lock waits are logged',
    area: 'monitoring',
    weight: WEIGHTS.work,
    question: 'Does the log tell who waited for whom?',
    action: 'set log_lock_waits to on and reload',
    read: (database) => settings(database, ['log_lock_waits']),
    decide: ({ log_lock_waits: value }) =>
      value === 'on' ? passed('log_lock_waits is on') : failed('log_lock_waits is off'),
  }),
  check({
    name: 'the log holds no passwords',
    area: 'monitoring',
    weight: WEIGHTS.outage,
    question: 'Is ALTER ROLE … PASSWORD kept out of the log?',
    action:
      'set log_statement to none and log_min_duration_statement above 0, use pgaudit for changes of the schema, and rotate passwords that were logged',
    read: (database) => settings(database, WRITES_STATEMENTS),
    decide: decideLogSecrets,
  }),
];
