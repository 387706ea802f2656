import { MASTER_USER, MIGRATIONS_APPLICATION } from '../../contract/roles';
import type { LogSource } from './source';

const common = { from: 'log', domain: 'count', periodSeconds: 60, missingData: 'notBreaching' } as const;

/** Metrics that filters of the servers' logs publish: each counts the lines that match. */
export const LOG_SOURCES = {
  pg_log_refused_logins: {
    ...common,
    pattern: '?"password authentication failed" ?"no pg_hba.conf entry" ?"PAM authentication failed"',
    meaning: 'log-ins that PostgreSQL refused',
  },
  // The line of log_connections. Its application name is the client's word: a name other than the migrations' is certain, theirs is not.
  pg_log_master_logins: {
    ...common,
    rare: true,
    pattern: `"connection authorized: user=${MASTER_USER}" -"application_name=${MIGRATIONS_APPLICATION}"`,
    meaning: 'log-ins of the master user, without those of the migrations',
  },
  // pgaudit's fields are: AUDIT: SESSION, two numbers, class, command … The class ROLE has GRANT, REVOKE and CREATE, ALTER, DROP ROLE (pgaudit,
  // "Format" and "pgaudit.log").
  pg_log_privilege_changes: {
    ...common,
    rare: true,
    pattern: '"AUDIT: SESSION," ",ROLE,"',
    meaning: 'changes of roles and privileges in the audit log',
  },
} as const satisfies Record<string, LogSource>;
