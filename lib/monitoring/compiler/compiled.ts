import type { Severity } from '../../shared/severities';
import type { EventSource, LogSource, MissingData, Statistic, VendedSource } from '../sources/source';

/** CloudWatch's names for its comparisons. */
export type ComparisonOperator =
  'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

/** A resource whose name is known only at deployment; the alert set fills it in. */
export interface ResourceName {
  readonly kind: VendedSource['of'];
  /** `primary`, `replica-1` …; `critical` …; `master` or `application`; empty where there is only one. */
  readonly name: string;
}

/** One series that an alarm reads. */
export interface AlarmMetric {
  /** `m1`, `m2` …: its name in the expression. */
  readonly id: string;
  /** Prometheus name of the source. */
  readonly source: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string | ResourceName>>;
  readonly statistic: Statistic;
}

/** The rule's own fields, which its alarms and event rules carry along. */
export interface AlertDetails {
  /** The rule's name. */
  readonly alert: string;
  readonly group: string;
  readonly severity: Severity;
  readonly component: string;
  readonly summary: string;
  readonly description: string;
}

/** One CloudWatch alarm as plain data, with the property names of AWS::CloudWatch::Alarm. */
export interface CompiledAlarm extends AlertDetails {
  readonly kind: 'alarm';
  /** `<environment>-<alert>`, then the server, topic or metric that tells the alarms of one rule apart. */
  readonly alarmName: string;
  readonly metrics: readonly AlarmMetric[];
  /** Metric math over the metrics' ids. Absent: the alarm compares the one metric itself. */
  readonly expression?: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: MissingData;
  /**
   * Minutes after its creation that the alarm waits for its first values; it stays in INSUFFICIENT_DATA until then. Only where missing data
   * counts as breaching.
   */
  readonly warmUpMinutes?: number;
}

/** A rule of alerts.yml that became an EventBridge rule: it notifies and has no state to clear. */
export interface CompiledEvent extends AlertDetails {
  readonly kind: 'event';
  /** `<environment>-<alert>`. */
  readonly ruleName: string;
  readonly pattern: EventSource['pattern'];
}

/** A metric filter over the PostgreSQL log of every server, which alarms read. */
export interface CompiledLogFilter {
  /** Prometheus name of the source, also the metric's name. */
  readonly source: string;
  readonly pattern: LogSource['pattern'];
  readonly namespace: string;
  readonly rare: boolean;
}

/** All rules translated for one environment. */
export interface Compilation {
  readonly alarms: readonly CompiledAlarm[];
  readonly events: readonly CompiledEvent[];
  readonly logFilters: readonly CompiledLogFilter[];
  /** An entry for every rule: nothing is left out silently. */
  readonly ledger: readonly LedgerEntry[];
}

/** The translation of one rule in one environment. */
export interface LedgerEntry {
  readonly alert: string;
  readonly group: string;
  readonly severity: Severity;
  readonly component: string;
  /** PromQL. */
  readonly expression: string;
  /** `for` in this environment. */
  readonly forSeconds: number;
  /**
   * `translated with an event`: some of its conditions are metrics, one is an event. `absent`: the environment does not have what the rule watches, such as a proxy. `switched off`: by the environment's
   * configuration, with a reason.
   */
  readonly outcome: 'translated' | 'replaced by an event' | 'translated with an event' | 'absent' | 'switched off';
  /** Names of the alarms or of the event rule, the rule first where there are both; empty where absent or switched off. */
  readonly becomes: readonly string[];
  /** How the rule was translated and where that differs from Prometheus. */
  readonly note: string;
}
