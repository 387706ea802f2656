import type { DrillKind } from './drill';

/** What an execution is started with, all of it optional. */
export interface DrillInput {
  /** Default: `pointInTime` with a targetTime, else `verification`. */
  readonly drill?: DrillKind;
  /** Moment to restore to, ISO 8601. Default: as the kind of drill says. */
  readonly targetTime?: string;
  /** Table to recover into the source's schema `recovery`. Default none. */
  readonly table?: string;
  /** Keep the recovered table for a person to use. Default false: it is dropped when it has proved itself. */
  readonly keepTable?: boolean;
}

/** What the first step chose. */
export interface DrillTarget {
  readonly drill: DrillKind;
  /** What to restore from: an instance of this region, or backups that another region replicates here. */
  readonly source: { readonly instanceId: string } | { readonly automatedBackupsArn: string };
  /** Moment to restore to, ISO 8601. Absent: the latest possible. */
  readonly restoreTime?: string;
  /** Moment that a person wanted back, ISO 8601; what is missing before it is the recovery point. */
  readonly wantedAt: string;
  readonly instanceClass: string;
  readonly table?: string;
  readonly keepTable: boolean;
}

/** What RDS says of the restored instance. */
export interface InstanceProgress {
  readonly ready: boolean;
  readonly status: string;
  readonly host?: string;
  readonly port?: number;
  /** When it was asked, ISO 8601. */
  readonly at: string;
}

/** The first session. */
export interface Connected {
  /** ISO 8601. */
  readonly at: string;
}

/** One table of a copy beside its source. */
export interface ComparedTable {
  readonly table: string;
  /** In the copy; undefined: the copy has no such table. */
  readonly restoredRows: number | undefined;
  /** In the source; undefined: the source has no such table any more. */
  readonly sourceRows: number | undefined;
  /** Newest created_at in the copy, ISO 8601. */
  readonly newest?: string;
}

/** A restored database that passed. */
export interface Validated {
  /** ISO 8601. */
  readonly at: string;
  /** Newest heartbeat in the restored database, ISO 8601. */
  readonly heartbeatAt: string;
  readonly dataChecksums: boolean;
  readonly migrations: number;
  /** Beside the source; empty where the source is out of reach. */
  readonly tables: readonly ComparedTable[];
  /** Roles that logged in and read. */
  readonly roles: readonly string[];
}

/** One table, recovered. */
export interface Recovered {
  readonly table: string;
  /** Where it was put, such as `recovery.bookings_0123456789ab`. */
  readonly copy: string;
  readonly rows: number;
  /** The same of both tables, whatever the order of their rows. */
  readonly checksum: string;
  readonly seconds: number;
  readonly kept: boolean;
}

/** How long it took, and how far the data reaches. Seconds. */
export interface Measured {
  /** From the start of the drill until RDS called the instance available. */
  readonly restoreSeconds: number;
  /** From then until the first session. */
  readonly connectSeconds: number;
  /** From then until the last check passed. */
  readonly validateSeconds: number;
  /** All of it. */
  readonly recoveryTimeSeconds: number;
  /** From the newest data until the moment that was wanted. */
  readonly recoveryPointSeconds: number;
}

/** As Step Functions catches it. */
export interface CaughtError {
  readonly Error: string;
  /** JSON of Lambda's, with errorMessage, or plain text. */
  readonly Cause: string;
}

/** What the execution knows: each step adds its part. */
export interface DrillState {
  readonly input: unknown;
  readonly target?: DrillTarget;
  readonly instance?: InstanceProgress;
  readonly connection?: Connected;
  readonly validation?: Validated;
  readonly recovery?: Recovered;
  readonly measured?: Measured;
  readonly deletion?: { readonly requestedAt: string };
  readonly swept?: { readonly deleted: readonly string[] };
  /** Why the drill failed. */
  readonly failure?: CaughtError;
  /** Why the restored instance was not deleted. */
  readonly cleanupFailure?: CaughtError;
  /** Why leftovers of earlier drills were not. */
  readonly sweepFailure?: CaughtError;
}

/** Steps of the function that speaks with RDS. */
export type DrillStep =
  'choose-target' | 'restore' | 'describe' | 'measure' | 'delete' | 'describe-deleted' | 'sweep' | 'summarize';

/** Steps of the function that speaks with the databases. */
export type CheckStep = 'connect' | 'validate' | 'recover';

/** What every step is called with. */
export interface StepEvent<Step extends string = DrillStep | CheckStep> {
  readonly step: Step;
  /** Name of the execution. */
  readonly execution: string;
  /** When the execution began, ISO 8601. */
  readonly startedAt: string;
  readonly state: DrillState;
}

/** An error of a name that the state machine retries or a person recognizes. */
export class StepError extends Error {
  constructor(name: StepErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/**
 * - `Transient`: AWS throttles or has a fault of its own; retried.
 * - `NotConnected`: the restored database does not let anybody in yet; retried.
 * - The others end the drill.
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
