import { createHash } from 'node:crypto';

/**
 * The kinds of drill: `verification` restores the latest recovery point, `pointInTime` a random moment of the last day, `full` the
 * latest recovery point at the primary's size.
 */
export const DRILL_KINDS = ['verification', 'pointInTime', 'full'] as const;
/** A kind of drill. */
export type DrillKind = (typeof DRILL_KINDS)[number];

/** Metric that is 1 when a drill of the kind succeeded. */
export const SUCCESS_METRICS = {
  verification: 'drill_verification_successes',
  pointInTime: 'drill_point_in_time_successes',
  full: 'drill_full_successes',
} as const satisfies Record<DrillKind, string>;

/**
 * The snapshot that the restore test of AWS Backup takes, the newest one, may be this old, days: more than a night and the start window
 * (developer guide, "Restore testing").
 */
export const RESTORE_TEST_SELECTION_DAYS = 7;

/** Tag of every restored instance, with the environment as its value. An instance without it is never deleted. */
export const DRILL_TAG = 'whatsapp-saas:drill';
/** Tag with the start of the instance's drill, ISO 8601: an old one marks a leftover. */
export const DRILL_STARTED_TAG = 'whatsapp-saas:drill-started';

/** Name of an environment's state machine: people start it by hand, and alarms of another stack watch it. */
export function drillMachineName(environment: string): string {
  return `${environment}-restore-drill`;
}

/**
 * What a state machine restores for: a `drill` proves the backups, on a schedule or by hand; a `recovery` copies a table for a person to
 * use, and only the approved recovery document starts it.
 */
export type DrillPurpose = 'drill' | 'recovery';

/** The function that copies a table for a person, as its log and the rehearsal know it. */
export const TABLE_RECOVERY = 'table-recovery';

/** Name of the state machine that recovers a table: the recovery document starts it. */
export function recoveryMachineName(environment: string): string {
  return `${environment}-table-recovery`;
}

/** Prefix of the identifiers of all restored instances. */
export function instancePrefix(environment: string): string {
  return `${drillMachineName(environment)}-`;
}

/**
 * Identifier of the instance that an execution restores. It is the same on every attempt, and its last part always has 12
 * hexadecimal digits, whatever the name of the execution is.
 */
export function instanceName(environment: string, execution: string): string {
  return `${instancePrefix(environment)}${hash(execution).slice(0, 12)}`;
}

/** A number in [0, 1) that depends on the text alone. */
export function fractionOf(text: string): number {
  return parseInt(hash(text).slice(0, 8), 16) / 2 ** 32;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
