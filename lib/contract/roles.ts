/** The master user: owns the schema, runs the migrations. */
export const MASTER_USER = 'database_admin';
/** What the migrations call themselves when they log in as MASTER_USER (application_name): nobody else logs in under that name. */
export const MIGRATIONS_APPLICATION = 'migrate';
/** Role of the application. It logs in with the password of its secret; all other roles use IAM tokens. */
export const APP_USER = 'app_user';
/** Role of people and tools that only read. */
export const READONLY_USER = 'readonly_user';
/** Role of the collector. */
export const METRICS_USER = 'metrics_user';
/** Role of the checks of a restored database. */
export const DRILL_USER = 'drill_user';
/** Role that recovers tables: reads all data of the restored database, writes into the schema `recovery` of the primary. */
export const RECOVERY_USER = 'recovery_user';
/** Role of a person: sees the server, ends sessions, changes nothing. */
export const DBA_USER = 'dba_user';

/** Role of the care functions: reads statistics and catalogs, keeps what it found, analyzes tables and counts intents. */
export const CARE_USER = 'care_user';

/** The roles that a workload or a person may log in as; the migrations create them. */
export const DATABASE_ROLES = [
  APP_USER,
  READONLY_USER,
  METRICS_USER,
  DRILL_USER,
  RECOVERY_USER,
  DBA_USER,
  CARE_USER,
] as const;
/** A role that a workload or a person may log in as. */
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/**
 * Most sessions of a role on one server: the migrations set them, so that no role but APP_USER can take the connections of all others.
 * APP_USER has none: through the proxy its limit is the proxy's share of max_connections, and it is the service that the other limits
 * protect.
 */
export const CONNECTION_LIMITS = {
  /** People and tools. */
  [READONLY_USER]: 20,
  /** The collector keeps one session. Others are of instances of its function that were replaced, until they are ended as idle. */
  [METRICS_USER]: 10,
  /** A drill and the restore test of AWS Backup at once, with two sessions each. */
  [DRILL_USER]: 5,
  /** A recovery has one session on each of its two servers. */
  [RECOVERY_USER]: 5,
  /** A few people in an incident. */
  [DBA_USER]: 10,
  /** One run at a time, with a session on each server. */
  [CARE_USER]: 5,
} as const satisfies Partial<Record<DatabaseRole, number>>;

/** Roles that the migrations make other roles members of. rds_iam exists on RDS only. */
export const ROLE_MEMBERSHIPS: Readonly<Record<DatabaseRole, readonly string[]>> = {
  [APP_USER]: [],
  [READONLY_USER]: ['rds_iam'],
  [METRICS_USER]: ['rds_iam'],
  [DRILL_USER]: ['rds_iam'],
  [RECOVERY_USER]: ['rds_iam'],
  [DBA_USER]: ['rds_iam', 'pg_signal_backend'],
  [CARE_USER]: ['rds_iam'],
};

/**
 * Roles that must be able to log in to a restored database with an IAM token, and to read there. The rights of APP_USER are
 * read from the system catalogs instead.
 */
export const SAMPLED_ROLES = [DRILL_USER, READONLY_USER, METRICS_USER] as const satisfies DatabaseRole[];

/** Roles that the checks of a drill log in as. Not APP_USER: with its secret a drill could write what the application writes. */
export const CHECK_ROLES = [...SAMPLED_ROLES, RECOVERY_USER] as const satisfies DatabaseRole[];
/** A role that the checks of a drill log in as. */
export type CheckRole = (typeof CHECK_ROLES)[number];

/** Names of the secrets that a function rotates where the configuration wants it: the master user's and the application's. */
export const ROTATED_SECRETS = ['master', 'application'] as const;
/** A secret that a function rotates. */
export type RotatedSecret = (typeof ROTATED_SECRETS)[number];
