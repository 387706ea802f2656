import type { DrillKind, DrillPurpose } from './kinds';

/** Input of a drill; every field is optional. It names no table: what a drill copies is fixed by its stack. */
export interface DrillInput {
  /** Default: `pointInTime` with a targetTime, else `verification`. */
  readonly drill?: DrillKind;
  /** Moment to restore to, ISO 8601. Default: depends on the kind of drill. */
  readonly targetTime?: string;
}

/** Input of the recovery of a table. */
export interface RecoveryInput {
  /** Moment to restore to, ISO 8601. */
  readonly targetTime: string;
  /** Table to copy into the source's schema `recovery`, where it is kept for a person to use. */
  readonly table: string;
}

/** Target of a drill, chosen by its first step. */
export interface DrillTarget {
  readonly drill: DrillKind;
  /** Source of the restore: an instance of this region, or backups that are replicated from another region. */
  readonly source: { readonly instanceId: string } | { readonly automatedBackupsArn: string };
  /** Moment to restore to, ISO 8601. Absent: the latest possible. */
  readonly restoreTime?: string;
  /** Moment that the restore should reach, ISO 8601. Data that is missing before it counts as the recovery point. */
  readonly wantedAt: string;
  readonly instanceClass: string;
  /** Table to copy into the source. Default: none. */
  readonly table?: string;
}

/** State of the restored instance in RDS. */
export interface InstanceProgress {
  readonly ready: boolean;
  readonly status: string;
  readonly host?: string;
  readonly port?: number;
  /** Time of the call, ISO 8601. */
  readonly at: string;
}

/** First successful login to the restored instance. */
export interface Connected {
  /** ISO 8601. */
  readonly at: string;
}

/** One table of the restored database, compared with its source. */
export interface ComparedTable {
  readonly table: string;
  /** Rows in the restored database; undefined: the table is missing there. */
  readonly restoredRows: number | undefined;
  /** Rows in the source; undefined: the table no longer exists there. */
  readonly sourceRows: number | undefined;
  /** Newest created_at in the restored database, ISO 8601. */
  readonly newest?: string;
}

/** Result of a successful validation. */
export interface Validated {
  /** ISO 8601. */
  readonly at: string;
  /** Newest heartbeat in the restored database, ISO 8601. */
  readonly heartbeatAt: string;
  readonly dataChecksums: boolean;
  readonly migrations: number;
  /** Compared with the source; empty where the source is in another region. */
  readonly tables: readonly ComparedTable[];
  /** Roles that logged in and read data. */
  readonly roles: readonly string[];
}

/** A recovered table. */
export interface Recovered {
  readonly table: string;
  /** Name of the recovered copy, such as `recovery.bookings_0123456789ab`. */
  readonly copy: string;
  readonly rows: number;
  /** Checksum, equal for both tables. It does not depend on the order of rows. */
  readonly checksum: string;
  readonly seconds: number;
  readonly kept: boolean;
}

/** Copies of tables that a person has kept for too long. */
export interface SweptCopies {
  /** Such as `recovery.bookings_0123456789ab`. */
  readonly overdue: readonly string[];
}

/** Measured durations and recovery point, seconds. */
export interface Measured {
  /** From the start of the drill until RDS reported the instance available. */
  readonly restoreSeconds: number;
  /** From then until the first session. */
  readonly connectSeconds: number;
  /** From then until the last check passed. */
  readonly validateSeconds: number;
  /** The sum of the above. */
  readonly recoveryTimeSeconds: number;
  /** From the newest data to `wantedAt` of the target. */
  readonly recoveryPointSeconds: number;
}

/** An error as Step Functions catches it. */
export interface CaughtError {
  readonly Error: string;
  /** JSON from Lambda, with errorMessage, or plain text. */
  readonly Cause: string;
}

/** State of an execution; each step adds its part. */
export interface DrillState {
  readonly input: unknown;
  readonly target?: DrillTarget;
  readonly instance?: InstanceProgress;
  readonly connection?: Connected;
  readonly validation?: Validated;
  readonly recovery?: Recovered;
  /** What became of copies of earlier drills and recoveries. */
  readonly sweptCopies?: SweptCopies;
  readonly measured?: Measured;
  readonly deletion?: { readonly requestedAt: string };
  readonly swept?: { readonly deleted: readonly string[] };
  /** Why the drill failed. */
  readonly failure?: CaughtError;
  /** Why the restored instance could not be deleted. */
  readonly cleanupFailure?: CaughtError;
  /** Why leftovers of earlier drills could not be deleted. */
  readonly sweepFailure?: CaughtError;
}

/** Steps of the function that calls RDS. */
export type DrillStep =
  'choose-target' | 'restore' | 'describe' | 'measure' | 'delete' | 'describe-deleted' | 'sweep' | 'summarize';

/** Steps of the function that connects to the databases. */
export type CheckStep = 'connect' | 'validate' | 'recover' | 'sweep-copies';

/** Event of every step. */
export interface StepEvent<Step extends string = DrillStep | CheckStep> {
  readonly step: Step;
  /** From the definition of the state machine: no input can change it. */
  readonly purpose: DrillPurpose;
  /** Name of the execution. */
  readonly execution: string;
  /** When the execution began, ISO 8601. */
  readonly startedAt: string;
  readonly state: DrillState;
}

/** An error whose name the state machine retries, or that tells a person what happened. */
export class StepError extends Error {
  constructor(name: StepErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/**
 * - `Transient`: AWS throttles or has a temporary fault; retried.
 * - `NotConnected`: the restored database does not accept logins yet; retried.
 * - All others end the drill.
 */
export type StepErrorName =
  | 'Transient'
  | 'NotConnected'
  | 'InvalidInput'
  | 'NotRestorable'
  | 'NameTaken'
  | 'RestoreFailed'
  | 'RestoreTimedOut'
  | 'ValidationFailed'
  | 'TableNotRecovered'
  | 'NotDeleted';
