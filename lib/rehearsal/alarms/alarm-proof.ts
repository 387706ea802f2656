import type { AlarmState } from './alarm-evaluator';

/** What an alarm compared with its threshold. */
export interface MeasuredMetric {
  readonly threshold: number;
  /** The value of each period with data, after the seconds of CloudWatch's clock between the fault and the period's start; negative: before it. */
  readonly values: readonly (readonly [seconds: number, value: number])[];
}

/** How an alarm behaved under a fault. */
export interface AlarmProof {
  /** The alert's name in alerts.yml. */
  readonly name: string;
  /** The CloudWatch alarm's name. */
  readonly alarm: string;
  /** True: a real fault on the servers; false: a metric that only AWS publishes, replayed at a stated level. */
  readonly provoked: boolean;
  /** The fault and its repair, in a sentence. */
  readonly fault: string;
  readonly transitions: AlarmState[];
  /** When it took each of them, seconds of CloudWatch's clock after the fault; negative: before it. Only of a provoked alarm. */
  readonly changeSeconds?: readonly number[];
  /** Its metric around the fault. Only of a provoked alarm. */
  readonly measured?: MeasuredMetric;
  /** From the fault until the alarm was OK again, by this machine's clock; 0 where it was replayed. */
  readonly seconds: number;
  /** The same by CloudWatch's clock, which runs ahead of this machine's; where it was replayed, until the alarm fired, and 0 where it did not. */
  readonly alarmSeconds: number;
  /** The values just above and just below its threshold, both replayed, in words. */
  readonly fires?: string;
  readonly staysOk?: string;
  /** Whom it notified, such as `critical` and `paging by production-page-outage`. */
  readonly topics?: readonly string[];
}

/** Whether an alarm is proven: it fired under the fault, cleared after the repair, and changed its state at no other time. */
export function isProven({ transitions }: Pick<AlarmProof, 'transitions'>): boolean {
  return transitions.join() === 'OK,ALARM,OK';
}
