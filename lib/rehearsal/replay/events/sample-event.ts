/** Names of the environment's resources, as their references read. */
export interface EventFacts {
  /** Logical ids of the instances, the primary first. */
  readonly instances: readonly string[];
  /** ARNs of the backup vaults: snapshots, and continuous backups where there are. */
  readonly vaults: readonly string[];
  /** ARN of the restore testing plan, where there is one. */
  readonly restoreTestingPlan?: string;
  readonly masterSecret: string;
  readonly applicationSecret: string;
  /** Name of the function that rotates the master's password, where there is one. */
  readonly rotation?: string;
}

/** An event as AWS sends it. */
export interface SampleEvent {
  /** What happened, in words. */
  readonly what: string;
  /** Rules that must match it, by their name without the environment; an environment may lack one. None: a look-alike. */
  readonly rules: readonly string[];
  /** What the notification must quote. */
  readonly quotes?: string;
  readonly event: object;
}
