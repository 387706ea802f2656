import type { Alert, Severity } from './alerts';
import { type Comparison, type Expression, parseExpression } from './expression';
import { METRIC_NAMESPACE, type MetricSource, type MissingData, type Statistic } from './metric-sources';

/** CloudWatch's names of its comparisons. */
export type ComparisonOperator =
  'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

/** One CloudWatch alarm as plain data, in the words of AWS::CloudWatch::Alarm. */
export interface CompiledAlarm {
  /** The rule that it comes from. */
  readonly alert: string;
  /** `<environment>-<alert>`, with `-<server>` where the alert watches each server. */
  readonly alarmName: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: MissingData;
}

/** What the alarms of one environment watch. */
export interface CompileContext {
  readonly environment: string;
  /** Names of the database servers. */
  readonly servers: readonly string[];
}

const DAY_SECONDS = 86_400;
/** The longest that an alarm may look back: a day in periods under an hour, else a week (CloudWatch API, PutMetricAlarm). */
const LONGEST_WINDOW_SECONDS = { short: DAY_SECONDS, long: 7 * DAY_SECONDS };

/**
 * Translates one rule into CloudWatch alarms, one for each series of its metric. `for` becomes as many periods in a row as fill it.
 * @throws Error with a sentence when the metric is unknown or CloudWatch cannot say the condition.
 */
export function compileAlert(
  alert: Alert,
  sources: Readonly<Record<string, MetricSource>>,
  { environment, servers }: CompileContext,
): CompiledAlarm[] {
  const expression = parseExpression(alert.name, alert.expression);
  const source = sources[expression.metric];
  if (!source) {
    const known = Object.keys(sources).join(', ');
    throw new Error(`alert ${alert.name}: nobody publishes the metric ${expression.metric}; known: ${known}`);
  }
  const evaluationPeriods = Math.max(1, Math.ceil(alert.forSeconds / source.periodSeconds));
  checkWindow(alert, source.periodSeconds, evaluationPeriods);
  const series = source.per === 'server' ? servers.map((server) => ({ Server: server })) : [{}];
  return series.map((dimensions) => ({
    alert: alert.name,
    alarmName: [environment, alert.name, ...Object.values(dimensions)].join('-'),
    severity: alert.severity,
    summary: alert.summary,
    description: alert.description,
    namespace: METRIC_NAMESPACE,
    metricName: expression.metric,
    dimensions: { Environment: environment, ...dimensions },
    statistic: source.statistic,
    periodSeconds: source.periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
    ...condition(alert, expression, source),
    treatMissingData: source.missingData,
  }));
}

function condition(
  alert: Alert,
  { comparison, threshold, metric }: Expression,
  source: MetricSource,
): Pick<CompiledAlarm, 'comparisonOperator' | 'threshold'> {
  const ordered: Partial<Record<Comparison, ComparisonOperator>> = {
    '>': 'GreaterThanThreshold',
    '>=': 'GreaterThanOrEqualToThreshold',
    '<': 'LessThanThreshold',
    '<=': 'LessThanOrEqualToThreshold',
  };
  const comparisonOperator = ordered[comparison];
  if (comparisonOperator) return { comparisonOperator, threshold };
  if (source.domain === 'boolean' && (threshold === 0 || threshold === 1)) {
    const isOne = (comparison === '==') === (threshold === 1);
    return { comparisonOperator: isOne ? 'GreaterThanOrEqualToThreshold' : 'LessThanThreshold', threshold: 1 };
  }
  throw new Error(
    `alert ${alert.name}: CloudWatch cannot compare with ${comparison} ${threshold}; allowed: <, <=, >, >=, and for a metric of 0 and 1 also == 0, == 1 (${metric} is a ${source.domain})`,
  );
}

function checkWindow(alert: Alert, periodSeconds: number, periods: number): void {
  const longest = periodSeconds < 3600 ? LONGEST_WINDOW_SECONDS.short : LONGEST_WINDOW_SECONDS.long;
  if (periodSeconds * periods > longest) {
    throw new Error(
      `alert ${alert.name}: "for" is ${alert.forSeconds} s; allowed: at most ${longest} s with periods of ${periodSeconds} s, which is all that a CloudWatch alarm looks back`,
    );
  }
}
