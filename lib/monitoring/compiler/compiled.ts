import type { Severity } from '../../shared/severities';
import type { EventSource, LogSource, MissingData, Statistic } from '../sources/source';

/** CloudWatch's names of its comparisons. */
export type ComparisonOperator =
  'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

/** Something whose name is known only in AWS; the alert set puts it in. */
export interface ResourceName {
  readonly kind: 'server' | 'proxy' | 'topic' | 'deadLetterQueue' | 'vault' | 'drillMachine';
  /** Which one: `primary`, `replica-1` …; `critical` …; empty where there is one only. */
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

/** What the rule says, carried to whatever is made of it. */
export interface AlertDetails {
  /** The rule's name. */
  readonly alert: string;
  readonly group: string;
  readonly severity: Severity;
  readonly component: string;
  readonly summary: string;
  readonly description: string;
}

/** One CloudWatch alarm as plain data, in the words of AWS::CloudWatch::Alarm. */
export interface CompiledAlarm extends AlertDetails {
  readonly kind: 'alarm';
  /** `<environment>-<alert>`, then what tells the alarms of one rule apart: the server, topic or metric. */
  readonly alarmName: string;
  readonly metrics: readonly AlarmMetric[];
  /** Metric math over the metrics' ids. Absent: the alarm is on the one metric itself. */
  readonly expression?: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: MissingData;
}

/** A rule that became an EventBridge rule: it notifies, and has no state to clear. */
export interface CompiledEvent extends AlertDetails {
  readonly kind: 'event';
  /** `<environment>-<alert>`. */
  readonly ruleName: string;
  readonly pattern: EventSource['pattern'];
}

/** What a rule of alerts.yml becomes. */
export type Compiled = CompiledAlarm | CompiledEvent;

/** A metric filter that alarms rely on, over the PostgreSQL log of every server. */
export interface CompiledLogFilter {
  /** Prometheus name of the source, also the metric's name. */
  readonly source: string;
  readonly pattern: LogSource['pattern'];
  readonly namespace: string;
}

/** What the compiler made of all rules for one environment. */
export interface Compilation {
  readonly alarms: readonly CompiledAlarm[];
  readonly events: readonly CompiledEvent[];
  readonly logFilters: readonly CompiledLogFilter[];
  /** An entry for every rule: nothing is left out silently. */
  readonly ledger: readonly LedgerEntry[];
}

/** What became of one rule in one environment. */
export interface LedgerEntry {
  readonly alert: string;
  readonly group: string;
  readonly severity: Severity;
  /** PromQL. */
  readonly expression: string;
  /** `for`, as this environment has it. */
  readonly forSeconds: number;
  /** `absent`: the environment lacks what the rule watches, such as a proxy. `switched off`: by its configuration, with a reason. */
  readonly outcome: 'translated' | 'replaced by an event' | 'absent' | 'switched off';
  /** Names of alarms or of the event rule; none where absent or switched off. */
  readonly becomes: readonly string[];
  /** How it was translated and where the translation differs from Prometheus, in a sentence or two. */
  readonly note: string;
}
