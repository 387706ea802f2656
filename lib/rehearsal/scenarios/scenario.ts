import type { Client } from 'pg';
import type { Cluster } from '../../local-postgres/cluster';
import type { Pace } from '../alarms/pace';
import type { SimulatedMonitoring } from '../alarms/simulated-monitoring';

/** The servers that faults are injected into, with open sessions. */
export interface FaultTarget {
  readonly cluster: Cluster;
  /** Session of the master user on the primary. */
  readonly admin: Client;
  /** Session of the superuser on the primary, for changes that only RDS itself could make there. */
  readonly superuser: Client;
}

/** Undoes a fault. */
export type RepairFault = () => Promise<void>;

/** An alarm that a fault is not meant for. */
export interface OtherAlarm {
  /** The alert's name in alerts.yml. */
  readonly alert: string;
  /** Default: on whichever server. */
  readonly server?: string;
  /** Why it may fire, in words. */
  readonly why: string;
}

/** A real fault and the alarms that it must make fire. */
export interface Scenario {
  /** Alarms by the alert's name in alerts.yml, with the server where the alert has an alarm for each server. */
  readonly alarms: readonly { readonly alert: string; readonly server?: string }[];
  /** Other alarms that may fire under the fault. Any alarm that is not named fails the rehearsal. Default: none. */
  readonly mayFire?: readonly OtherAlarm[];
  /** The fault and its repair in a sentence, for the report. */
  readonly fault: string;
  /** Injects the fault. */
  readonly inject: (target: FaultTarget, monitoring: SimulatedMonitoring) => Promise<RepairFault>;
}

/** Faults that are injected together and observed on one clock. */
export interface FaultPhase {
  /** For progress lines, such as `replication`. */
  readonly name: string;
  readonly pace: Pace;
  /** Alarms that may fire in any phase. */
  readonly mayFire: readonly OtherAlarm[];
  readonly scenarios: readonly Scenario[];
}
