import type { AlarmMetric, CompiledAlarm } from '../compiled';
import type { EntryOptions, MetricEntry } from './body';
import type { DashboardContext } from './context';

type Context = Pick<DashboardContext, 'environment' | 'resolve'>;

/** What a graph shows of one alarm: its metric, or its math over hidden metrics. */
export interface Line {
  /** Equal where two alarms see the same values. */
  readonly signature: string;
  /** @param ordinal tells the ids of one graph's lines apart */
  readonly entries: (ordinal: number) => MetricEntry[];
}

/** Exactly what the alarm evaluates: its metrics, statistics and period. */
export function lineOf(alarm: CompiledAlarm, context: Context): Line {
  const { metrics, expression, periodSeconds: period } = alarm;
  return {
    signature: JSON.stringify([metrics, expression, period]),
    entries: (ordinal) => {
      const label = labelOf(alarm, context.environment);
      if (expression === undefined) {
        return metrics.map((metric) => seriesEntry(metric, { label, stat: metric.statistic, period }, context.resolve));
      }
      const idOf = (id: string) => `l${ordinal}${id}`;
      return [
        [{ expression: withIds(metrics, expression, ({ id }) => idOf(id)), id: `l${ordinal}`, label, period }],
        ...metrics.map((metric) =>
          seriesEntry(metric, { id: idOf(metric.id), stat: metric.statistic, period, visible: false }, context.resolve),
        ),
      ];
    },
  };
}

/** One metric in CloudWatch's form. */
export function seriesEntry(
  { namespace, metricName, dimensions }: Pick<AlarmMetric, 'namespace' | 'metricName' | 'dimensions'>,
  options: EntryOptions,
  resolve: DashboardContext['resolve'],
): MetricEntry {
  const flat = Object.entries(dimensions).flatMap(([name, value]) => [
    name,
    typeof value === 'string' ? value : resolve(value),
  ]);
  return [namespace, metricName, ...flat, options];
}

/** What tells the alarm from others of its rule, such as the server; else what it reads, in Prometheus' names. */
function labelOf({ alarmName, alert, metrics, expression }: CompiledAlarm, environment: string): string {
  const target = targetOf(alarmName, alert, environment);
  if (target !== '') return target;
  return expression === undefined
    ? metrics.map(({ source }) => source).join(', ')
    : withIds(metrics, expression, ({ source }) => source);
}

/** The part of an alarm's name after its environment and rule: `replica-1`; empty where the rule has one alarm. */
export function targetOf(alarmName: string, alert: string, environment: string): string {
  return alarmName.slice(`${environment}-${alert}`.length).replace(/^-/, '');
}

function withIds(metrics: readonly AlarmMetric[], expression: string, nameOf: (metric: AlarmMetric) => string): string {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  return expression.replace(/\b[a-z]\w*\b/g, (word) => {
    const metric = byId.get(word);
    return metric ? nameOf(metric) : word;
  });
}
