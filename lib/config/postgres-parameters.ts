import type { EnvironmentConfig } from './schema/environment';
import { slotWalKeepMiB } from './derived/slot-wal';
import { temporaryFilesKB } from './derived/temporary-files';

/**
 * Parameters of the primary, in the units that RDS expects: PostgreSQL's base units, without a suffix (RDS User Guide, "Working with
 * parameters on your RDS for PostgreSQL DB instance"). The rehearsal starts PostgreSQL with them.
 */
export function primaryParameters({
  database,
  import: moving,
}: Pick<EnvironmentConfig, 'database' | 'import'>): Record<string, string> {
  return {
    ...memory,
    ...planner,
    ...maintenance,
    ...security,
    ...statistics,
    ...logging(database.diagnosticLog),
    ...sessions(database.maxConnections),
    temp_file_limit: String(temporaryFilesKB(database.allocatedStorageGiB)),
    // A lost replica must not fill the primary's storage: beyond this limit it has to be rebuilt. MB.
    max_slot_wal_keep_size: String(slotWalKeepMiB(database)),
    // wal_level = logical: the way back of an import follows the changes here.
    ...(moving && { 'rds.logical_replication': '1' }),
  };
}

/** Parameters of a replica: the primary's, and those of a standby. */
export function replicaParameters({ database }: Pick<EnvironmentConfig, 'database'>): Record<string, string> {
  return {
    ...primaryParameters({ database }),
    // Vacuum on the primary does not cancel long reads on a replica. The primary can bloat instead, which has an alarm.
    hot_standby_feedback: '1',
    // Time that replay waits for a conflicting query, ms.
    max_standby_streaming_delay: '300000',
    max_standby_archive_delay: '300000',
  };
}

const memory = {
  // A quarter and three quarters of the memory, in pages of 8 kB. DBInstanceClassMemory is in bytes.
  shared_buffers: '{DBInstanceClassMemory/32768}',
  effective_cache_size: '{DBInstanceClassMemory*3/32768}',
  // 16 MiB, in kB.
  work_mem: '16384',
  // A 32nd of the memory, at most 1 GiB, in kB: VACUUM of PostgreSQL 15 uses no more, and each of four workers may use it.
  maintenance_work_mem: 'LEAST({DBInstanceClassMemory/32768},1048576)',
  // 16 MiB, in pages of 8 kB.
  wal_buffers: '2048',
};

const planner = {
  default_statistics_target: '100',
  random_page_cost: '1.1',
  effective_io_concurrency: '200',
};

const maintenance = {
  checkpoint_completion_target: '0.9',
  // 1 and 4 GiB, in MB.
  min_wal_size: '1024',
  max_wal_size: '4096',
  autovacuum: '1',
  autovacuum_max_workers: '4',
  // Seconds.
  autovacuum_naptime: '30',
};

const security = {
  'rds.force_ssl': '1',
  ssl_min_protocol_version: 'TLSv1.2',
  'rds.accepted_password_auth_method': 'scram',
  password_encryption: 'scram-sha-256',
};

const statistics = {
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.max': '10000',
  // Utility statements are kept as they were sent, ALTER ROLE … PASSWORD too. Of other statements constants are replaced by $1, $2.
  'pg_stat_statements.track_utility': '0',
  track_io_timing: '1',
};

/**
 * The log is exported and kept for a year, so it must not contain what customers wrote, nor a password: test/config/server-log.test.ts
 * searches a real server's log for planted values. RDS lets all of these be set: its User Guide lists them, except for
 * log_parameter_max_length, which other people's parameter groups of RDS for PostgreSQL contain. That RDS takes the values `terse`, `panic`
 * and `log` is known of Aurora (describe-db-parameters), of RDS unconfirmed.
 */
function logging(diagnostic: EnvironmentConfig['database']['diagnosticLog']): Record<string, string> {
  const { slowStatementsMs, slowPlansMs, errors } = diagnostic ?? {};
  return {
    // pgaudit is last: its hooks then run first, and see a statement before any other library does.
    shared_preload_libraries: ['pg_stat_statements', ...(slowPlansMs ? ['auto_explain'] : []), 'pgaudit'].join(','),
    ...(slowPlansMs && { 'auto_explain.log_min_duration': String(slowPlansMs) }),
    // Changes of the schema, of roles and of privileges, with passwords redacted (RDS User Guide, "Using pgAudit"). Not `write`: it would
    // copy every message of every customer into the log. No pgaudit.role: no table is audited by itself.
    'pgaudit.log': 'ddl,role',
    'pgaudit.log_parameter': '0',
    log_checkpoints: '1',
    log_connections: '1',
    log_disconnections: '1',
    log_lock_waits: '1',
    // Files over 10 MiB, in kB.
    log_temp_files: '10240',
    log_autovacuum_min_duration: '10000',
    // Not `ddl`: it writes ALTER ROLE … PASSWORD '…' in clear text, and AWS's rotation sends just that.
    log_statement: 'none',
    // The statement of any log line, also of a lock wait or a temporary file.
    log_min_error_statement: 'panic',
    // Without DETAIL, HINT, QUERY and CONTEXT: they quote keys, whole rows and lines of COPY.
    log_error_verbosity: 'terse',
    // FATAL, PANIC and LOG, such as refused log-ins, lock waits and pgaudit's lines. ERROR quotes malformed values in the message itself.
    log_min_messages: errors ? 'warning' : 'log',
    log_min_duration_statement: slowStatementsMs ? String(slowStatementsMs) : '-1',
    log_parameter_max_length: '0',
  };
}

function sessions(maxConnections: number): Record<string, string> {
  return {
    max_connections: String(maxConnections),
    // Last resort, ms: longer than the five minutes after which an alarm reports such sessions. Statement timeouts are set per role.
    idle_in_transaction_session_timeout: '600000',
  };
}
