import type { SpeedUp } from '../benchmark/speed-up';
import type { AlarmProof } from './alarms/alarm-proof';
import type { CrossTalk } from './alarms/prove-phase';
import type { CareReport } from './care/care-report';
import type { FailoverReport } from './failover/failover-report';
import type { MoveReport } from '../move-rehearsal/report';
import type { LogSearch } from './log-search/search';
import type { PoolingReport } from './pooling/pooling-report';
import type { RoleSummary } from './privileges/by-role';
import type { ProbedAction } from './privileges/probe';
import type { ReplayedRule } from './replay/events/replay-events';
import type { ReadinessReport } from './readiness/readiness-report';
import type { ResourceUse } from './resource-use';
import type { RestoreReport } from './restore/restore-report';
import type { FinishedStep } from './steps';

/** Result of a check. */
export interface CheckResult {
  /** What must hold, in words. */
  readonly name: string;
  readonly ok: boolean;
  /** The measured value. */
  readonly detail: string;
}

/** Results of a rehearsal. */
export interface RehearsalResults {
  readonly environment: string;
  /** Version of PostgreSQL. */
  readonly postgres: string;
  readonly cluster: { readonly primary: string; readonly replicas: string[]; readonly secondsToReady: number };
  /** Number of the primary's parameters that the servers ran with, and the names of those that exist on RDS only. */
  readonly parameters: { readonly applied: number; readonly leftToRds: string[] };
  /** Names of the migrations applied. */
  readonly migrations: string[];
  readonly checks: CheckResult[];
  /** What each role could do, action by action. */
  readonly privileges: ProbedAction[];
  /** The same, role by role. */
  readonly roles: readonly RoleSummary[];
  /** Planted values and passwords in the servers' logs. */
  readonly logs: LogSearch;
  /** Queries of the application before and after the migrations. */
  readonly speedUp: SpeedUp;
  readonly alarms: AlarmProof[];
  /** Alarms that fired under faults that were not meant for them. */
  readonly crossTalk: CrossTalk[];
  /** Names of the alarms that are neither provoked nor replayed: the configuration overrides their threshold or duration. */
  readonly alarmsNotProven: string[];
  /** Each event rule under sample events and look-alikes. */
  readonly eventRules: ReplayedRule[];
  /** What does not hold of alarms, paging alarms and event rules when they are replayed, a sentence each. */
  readonly replayFaults: string[];
  /** The jobs of care, run by the deployed functions. */
  readonly care: CareReport;
  /** 1,000 clients with and without a pooler; undefined where PgBouncer is not installed. */
  readonly pooling?: PoolingReport;
  /** The score of the database as it was found and of the rehearsed one. */
  readonly readiness: ReadinessReport;
  /** A database that moved in under load and back; undefined where the environment has no replicas, as it is made and deleted at will. */
  readonly import?: MoveReport;
  /** The promotion of a replica; undefined where the environment has none. */
  readonly failover?: FailoverReport;
  /** The restore drill; undefined where the environment has none. */
  readonly restore?: RestoreReport;
  /** Each step with its time. */
  readonly steps: readonly FinishedStep[];
  /** The most that the run used at a time. */
  readonly resources: ResourceUse;
}

/** Content of rehearsal.json. */
export interface RehearsalReport extends RehearsalResults {
  /** A sentence without a full stop for each requirement that is not met. */
  readonly failures: string[];
  /** Whether there are no failures. */
  readonly ok: boolean;
}

/** Content of rehearsal.json when a step could not be carried out. */
export interface UnfinishedReport {
  readonly environment: string;
  readonly ok: false;
  /** Why, sentences without a full stop: one that begins with the step, or with --fail-fast all that the last step found. */
  readonly failures: readonly string[];
}
