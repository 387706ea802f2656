import type { Client } from 'pg';
import type { Cluster } from '../../local-postgres/cluster';
import type { Watch } from '../alarms/watch';

/** What a scenario works on. */
export interface Stage {
  readonly cluster: Cluster;
  /** Session of the master user at the primary, for the application's rows. */
  readonly admin: Client;
  /** Session of the user above the master at the primary, for what only RDS may do there. */
  readonly superuser: Client;
}

/** Undoes a fault. */
export type Repair = () => Promise<void>;

/** A real fault and the alarms that it must set off. */
export interface Scenario {
  /** Alarms by the rule's name in alerts.yml, with the server where the rule has an alarm for each. */
  readonly alarms: readonly { readonly alert: string; readonly server?: string }[];
  /** What is done, in a sentence: it stands in the report. */
  readonly fault: string;
  /** Does it. `watch` is the one that looks on. */
  readonly inject: (stage: Stage, watch: Watch) => Promise<Repair>;
}
