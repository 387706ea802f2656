import { listed } from './check';
import { type Database, requireSessions, Unseen } from './database';

/** A session of the application: another client's in this database, neither a person's tool nor one that watches or backs up. */
export interface ApplicationSession {
  readonly role: string;
  readonly superuser: boolean;
  /** Whether it may change tables as their owner. True of superusers. */
  readonly owner: boolean;
  readonly tls: boolean;
  /** Whether it comes from another machine. */
  readonly remote: boolean;
  readonly application: string;
}

/** Names by which tools that watch a database call their sessions. */
export const WATCHERS =
  /exporter|collector|monitor|datadog|pganalyze|telegraf|zabbix|newrelic|new relic|grafana|alloy|pmm|pgwatch|check_pg|nagios|icinga|metrics/i;
/** Names of the tools of people, of backups and of restores. */
const TOOLS =
  /^(psql|pg_dump|pg_dumpall|pg_restore|pg_basebackup|pg_receivewal|readiness)\b|pgadmin|dbeaver|datagrip|tableplus|postico|barman|pgbackrest|wal-g/i;
/** Roles of the services that run a server, whose sessions nobody else starts. */
const SERVICE_ROLES = ['rdsadmin', 'rdsproxyadmin', 'cloudsqladmin', 'cloudsqlagent', 'azuresu', 'azure_superuser'];

/**
 * The application's sessions.
 * @throws Unseen where there is none, or others may not be seen
 */
export async function applicationSessions(database: Database): Promise<ApplicationSession[]> {
  requireSessions(database);
  const found = await database.rows<ApplicationSession & Record<string, unknown>>(
    `SELECT r.rolname::text AS role, r.rolsuper AS superuser, coalesce(t.ssl, false) AS tls, s.application_name AS application,
            coalesce(s.client_addr <<= inet '127.0.0.0/8' OR s.client_addr = inet '::1', true) = false AS remote,
            EXISTS (SELECT FROM pg_class AS c
                     WHERE c.relkind IN ('r', 'p') AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                       AND c.relpersistence = 'p' AND pg_has_role(r.oid, c.relowner, 'USAGE')) AS owner
       FROM pg_stat_activity AS s JOIN pg_roles AS r ON r.oid = s.usesysid LEFT JOIN pg_stat_ssl AS t ON t.pid = s.pid
      WHERE s.backend_type = 'client backend' AND s.datname = current_database() AND s.pid <> pg_backend_pid()
        AND r.rolname <> ALL ($1)`,
    [SERVICE_ROLES],
  );
  const own = found.filter(({ application }) => !WATCHERS.test(application) && !TOOLS.test(application));
  if (own.length === 0)
    throw new Unseen('no session of an application was open', 'start this again while the application runs');
  return own;
}

/** The roles of sessions for people: `app_user, worker`. */
export function rolesOf(sessions: readonly ApplicationSession[]): string {
  return listed([...new Set(sessions.map(({ role }) => role))].sort());
}
