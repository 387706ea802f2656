import type { MetricSource } from '../../sources/source';
import type { AlertDetails, CompiledAlarm } from '../compiled';
import type { Inventory, Target } from '../target';

/** The part of an alarm that follows from the condition: what it compares, over which time. */
type AlarmBody = Omit<CompiledAlarm, 'kind' | 'alarmName' | keyof AlertDetails>;

/** A condition for one server, topic or other target. */
export interface CompiledCondition {
  readonly target: Target;
  readonly body: AlarmBody;
  /** Sentences for the ledger. */
  readonly notes: readonly string[];
}

/** What the compiler knows when it translates a condition. */
export interface ConditionContext {
  readonly sources: Readonly<Record<string, MetricSource>>;
  readonly inventory: Inventory;
  /** `for` of the rule. */
  readonly forSeconds: number;
  /** How often Prometheus evaluates the rule. */
  readonly intervalSeconds: number;
}
