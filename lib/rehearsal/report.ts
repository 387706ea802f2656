import type { SpeedUp } from '../benchmark/speed-up';
import type { AlarmState } from './alarms/alarm-evaluator';
import type { RestoreReport } from './restore/restore-report';

/** Proof of one alarm. */
export interface AlarmProof {
  /** The alert's name in alerts.yml. */
  readonly name: string;
  /** The CloudWatch alarm's name. */
  readonly alarm: string;
  /** True: a real fault; false: a signal that only AWS emits, replayed at a stated level. */
  readonly provoked: boolean;
  /** What was done to the servers. */
  readonly fault: string;
  readonly transitions: AlarmState[];
  /** From the fault until the alarm was OK again, by this machine's clock. */
  readonly seconds: number;
  /** The same by CloudWatch's clock, which runs ahead here: a period passes with each collection. */
  readonly alarmSeconds: number;
}

/** Something that must hold besides. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was measured. */
  readonly detail: string;
}

/** What rehearsal.json holds. */
export interface RehearsalReport {
  readonly environment: string;
  /** Version of PostgreSQL. */
  readonly postgres: string;
  readonly cluster: { readonly primary: string; readonly replicas: string[]; readonly secondsToReady: number };
  /** Parameters of the synthesized groups that the servers ran with, and those that only RDS knows. */
  readonly parameters: { readonly applied: number; readonly leftToRds: string[] };
  /** Names of the migrations applied. */
  readonly migrations: string[];
  readonly checks: Check[];
  /** Queries of the application before and after the migrations. */
  readonly speedUp: SpeedUp;
  readonly alarms: AlarmProof[];
  /** Names of the alarms that no fault of this rehearsal sets off. */
  readonly alarmsNotProven: string[];
  /** The restore drill; absent where the environment has none. */
  readonly restore?: RestoreReport;
  /** What does not hold, a sentence each. */
  readonly failures: string[];
  readonly ok: boolean;
}
