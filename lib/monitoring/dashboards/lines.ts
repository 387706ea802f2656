import type { AlarmMetric, CompiledAlarm } from '../compiler/compiled';
import { seriesOf, targetsOf } from '../compiler/target';
import type { SeriesEntry, EntryOptions, MetricEntry } from './body';
import type { DashboardContext } from './context';
import { drawingOf } from './drawing';

/** The name of a series in CloudWatch. */
export type Series = Pick<AlarmMetric, 'namespace' | 'metricName' | 'dimensions'>;

/** One alarm's line in a graph: its metric, or its metric math over hidden metrics. */
export interface Line {
  /** Equal for two alarms that evaluate the same values. */
  readonly signature: string;
  /** @param ordinal makes the ids of the lines in one graph unique */
  readonly entries: (ordinal: number) => MetricEntry[];
}

/** The line of an alarm: its metrics, statistics and period. */
export function lineOf(alarm: CompiledAlarm, { environment, nameOf }: DashboardContext): Line {
  const { alert, alarmName, metrics, periodSeconds: period } = alarm;
  const { expression } = drawingOf(alarm);
  const label = targetName(alarmName, alert, environment) || inPrometheusNames(metrics, expression);
  return {
    signature: JSON.stringify([metrics, expression, period]),
    entries: (ordinal) => {
      if (expression === undefined) {
        return metrics.map((metric) => seriesEntry(metric, { label, stat: metric.statistic, period }, nameOf));
      }
      const idOf = ({ id }: AlarmMetric) => `l${ordinal}${id}`;
      return [
        [{ expression: replaceIds(metrics, expression, idOf), id: `l${ordinal}`, label, period }],
        ...metrics.map((metric) =>
          seriesEntry(metric, { id: idOf(metric), stat: metric.statistic, period, visible: false }, nameOf),
        ),
      ];
    },
  };
}

/** One metric in the form of a dashboard's body. */
export function seriesEntry(
  { namespace, metricName, dimensions }: Series,
  options: EntryOptions,
  nameOf: DashboardContext['nameOf'],
): SeriesEntry {
  const flat = Object.entries(dimensions).flatMap(([name, value]) => [
    name,
    typeof value === 'string' ? value : nameOf(value),
  ]);
  return [namespace, metricName, ...flat, options];
}

/** The series of a source, each with the name of its server or other target; none where the environment does not have them. */
export function seriesOfSource(
  name: string,
  context: DashboardContext,
): { readonly target: string; readonly series: Series }[] {
  const source = context.sources[name];
  if (!source || source.from === 'setting' || source.from === 'event') return [];
  // No figure or plain graph shows a metric of topics.
  return targetsOf([source], { ...context, topics: [] }).map((target) => ({
    target: target.name,
    series: seriesOf(name, source, target, context.environment),
  }));
}

/** The part of an alarm's name after its environment and rule, such as `replica-1`; empty where the rule has one alarm. */
export function targetName(alarmName: string, alert: string, environment: string): string {
  return alarmName.slice(`${environment}-${alert}`.length).replace(/^-/, '');
}

function inPrometheusNames(metrics: readonly AlarmMetric[], expression: string | undefined): string {
  if (expression === undefined) return metrics.map(({ source }) => source).join(', ');
  return replaceIds(metrics, expression, ({ source }) => source);
}

function replaceIds(
  metrics: readonly AlarmMetric[],
  expression: string,
  nameOf: (metric: AlarmMetric) => string,
): string {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  return expression.replace(/\b[a-z]\w*\b/g, (word) => {
    const metric = byId.get(word);
    return metric ? nameOf(metric) : word;
  });
}
