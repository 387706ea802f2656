/** The master user: owns the schema, runs the migrations. */
export const MASTER_USER = 'database_admin';

/** Role that the application logs in as. */
export const APP_USER = 'app_user';

/** Role that the collector logs in as. */
export const METRICS_USER = 'metrics_user';

/** Role that a restore drill checks databases as. */
export const DRILL_USER = 'drill_user';

/** Role that a restore drill copies a table as. */
export const RECOVERY_USER = 'recovery_user';

/** Roles that a workload may log in as; the migrations create them. */
export const DATABASE_ROLES = [APP_USER, 'readonly_user', METRICS_USER, DRILL_USER, RECOVERY_USER] as const;
/** A role that a workload may log in as. */
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/** Roles that a restored database must let in by an IAM token, and let read. The rights of app_user are read from the catalog instead. */
export const SAMPLED_ROLES = [DRILL_USER, 'readonly_user', METRICS_USER] as const satisfies DatabaseRole[];

/** Roles that the checks of a drill log in as. Not app_user: reading its secret would let a drill write what the application writes. */
export const CHECK_ROLES = [...SAMPLED_ROLES, RECOVERY_USER] as const satisfies DatabaseRole[];
/** A role that the checks of a drill log in as. */
export type CheckRole = (typeof CHECK_ROLES)[number];
