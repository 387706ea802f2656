import type { AlarmMetric, CompiledAlarm } from '../compiler/compiled';
import { seriesOf, targetsOf } from '../compiler/target';
import type { SeriesEntry, EntryOptions, MetricEntry } from './body';
import type { DashboardContext } from './context';
import { drawingOf } from './drawing';

/** The name of a series in CloudWatch. */
export type Series = Pick<AlarmMetric, 'namespace' | 'metricName' | 'dimensions'>;

/** What a graph shows of one alarm: its metric, or its math over hidden metrics. */
export interface Line {
  /** Equal where two alarms see the same values. */
  readonly signature: string;
  /** @param ordinal tells the ids of one graph's lines apart */
  readonly entries: (ordinal: number) => MetricEntry[];
}

/** What the alarm looks at: its metrics, statistics and period. */
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

/** One metric in CloudWatch's form. */
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

/** The series of a source, each with the name of its server, topic or the like; none where the environment lacks them. */
export function seriesOfSource(
  name: string,
  context: DashboardContext,
): { readonly target: string; readonly series: Series }[] {
  const source = context.sources[name];
  if (!source || source.from === 'setting' || source.from === 'event') return [];
  // Topics are only looked up for the sources of topics, which no figure reads.
  return targetsOf([source], { ...context, topics: [] }).map((target) => ({
    target: target.name,
    series: seriesOf(name, source, target, context.environment),
  }));
}

/** The part of an alarm's name after its environment and rule: `replica-1`; empty where the rule has one alarm. */
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
