import { readable, text } from './readable';

const COMPARISONS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
};

interface Metric {
  readonly Namespace?: unknown;
  readonly MetricName?: unknown;
  readonly Dimensions?: unknown;
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Metric; readonly Period: number; readonly Stat: string };
  readonly ReturnData?: boolean;
}

/** An alarm: when it fires, and its other properties. */
interface DrawnAlarm {
  readonly condition: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The condition is one line, `Maximum of WhatsAppSaaS/PostgreSQL pg_up {"Server":"primary"} < 1, 2 of 2 × 60 s, missing: breaching`; with
 * metric math a list, whose further lines are the metrics. Properties that are not known here stay as they are.
 */
export function drawAlarm(all: Readonly<Record<string, unknown>>): DrawnAlarm {
  const { Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic, Period, Metrics, ...alarm } = all;
  const { ComparisonOperator, Threshold, EvaluationPeriods, DatapointsToAlarm, TreatMissingData, ...others } = alarm;
  const metrics = (Metrics ?? []) as MetricQuery[];
  const compared = Metrics
    ? metrics.flatMap(({ ReturnData, Expression, Id }) => (ReturnData ? [Expression ?? Id] : [])).join()
    : series({ Namespace, MetricName, Dimensions }, Statistic ?? ExtendedStatistic);
  const count = `${text(DatapointsToAlarm ?? EvaluationPeriods)} of ${text(EvaluationPeriods)}`;
  const condition = [
    `${compared} ${COMPARISONS[text(ComparisonOperator)] ?? text(ComparisonOperator)} ${text(Threshold)}`,
    Period === undefined ? `${count} periods` : `${count} × ${text(Period)} s`,
    `missing: ${text(TreatMissingData ?? 'default')}`,
  ].join(', ');
  const inputs = metrics.filter(({ ReturnData }) => !ReturnData).map(input);
  const { AlarmActions, OKActions, ...rest } = readable(others) as Record<string, unknown>;
  const notified =
    JSON.stringify(AlarmActions) === JSON.stringify(OKActions) ? { notifies: OKActions } : { AlarmActions, OKActions };
  return {
    condition: inputs.length === 0 ? condition : [condition, ...inputs],
    properties: { ...rest, ...notified },
  };
}

function input({ Id, Expression, MetricStat }: MetricQuery): string {
  if (!MetricStat) return `${Id} = ${Expression}`;
  return `${Id} = ${series(MetricStat.Metric, MetricStat.Stat)} each ${MetricStat.Period} s`;
}

function series({ Namespace, MetricName, Dimensions }: Metric, statistic: unknown): string {
  const suffix = Dimensions === undefined ? '' : ` ${text(readable(Dimensions))}`;
  return `${text(statistic)} of ${text(Namespace)} ${text(MetricName)}${suffix}`;
}
