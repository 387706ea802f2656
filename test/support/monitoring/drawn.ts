import type { CompiledAlarm, ResourceName } from '../../../lib/monitoring/compiler/compiled';
import type { EntryOptions, MetricEntry, MetricProperties, SeriesEntry } from '../../../lib/monitoring/dashboards/body';
import type { Dashboard } from '../../../lib/monitoring/dashboards/dashboards';

/** A resource's name as tests see it. */
export const nameInTests = ({ kind, name }: ResourceName) => `the-${kind}-${name}`;

/** A server's id in Database Insights as tests see it. */
export const resourceIdInTests = (server: string) => `db-${server.toUpperCase()}`;

/** Titles of the dashboards that draw exactly the series or metric math of an alarm, with its threshold and the side that fires. */
export function drawnOn(alarm: CompiledAlarm, dashboards: readonly Dashboard[]): string[] {
  return dashboards.flatMap(({ title, body }) =>
    body.widgets.flatMap((widget) =>
      widget.type === 'metric' && hasThreshold(alarm, widget.properties)
        ? drawnLines(widget.properties).flatMap((line) => (line === expectedLine(alarm) ? [title] : []))
        : [],
    ),
  );
}

function hasThreshold(alarm: CompiledAlarm, { annotations }: MetricProperties) {
  const drawn = (annotations?.horizontal ?? []).filter(
    ({ label }) => label === alarm.alert || label.startsWith(`${alarm.alert}: `),
  );
  return boundsOf(alarm).every((bound) =>
    drawn.some(({ value, fill }) => value === bound.value && fill === bound.fill),
  );
}

function boundsOf(alarm: CompiledAlarm): { value: number; fill?: string }[] {
  const span = spanOf(alarm);
  if (span) return [{ value: span[0], fill: 'above' }, { value: span[1] }];
  return [{ value: alarm.threshold, fill: alarm.comparisonOperator.includes('Greater') ? 'above' : 'below' }];
}

/** The ends of `60 < metric < 300`, which the compiler writes as a product of two comparisons that is over 0 inside the span. */
function spanOf({ expression, threshold }: CompiledAlarm): [number, number] | undefined {
  const [, low, high] = /^\(m1 > (\d+)\) \* \(m1 < (\d+)\)$/.exec(expression ?? '') ?? [];
  return threshold === 0 && low && high ? [Number(low), Number(high)] : undefined;
}

/** The visible lines, with ids replaced by their series. */
function drawnLines({ metrics }: MetricProperties): string[] {
  const series = metrics.filter(isSeries);
  const byId = new Map(series.map((entry) => [optionsOf(entry).id, seriesText(entry)]));
  return [
    ...series.filter((entry) => optionsOf(entry).visible !== false).map(seriesText),
    ...metrics.flatMap((entry) => {
      if (isSeries(entry)) return [];
      const [{ expression, period }] = entry;
      return [`${expression.replace(/\b[a-z]\w*\b/g, (id) => byId.get(id) ?? id)} each ${period}`];
    }),
  ];
}

function isSeries(entry: MetricEntry): entry is SeriesEntry {
  return typeof entry[0] === 'string';
}

function optionsOf(entry: SeriesEntry): EntryOptions {
  return entry.at(-1) as EntryOptions;
}

function seriesText(entry: SeriesEntry): string {
  const { stat, period } = optionsOf(entry);
  return `${(entry.slice(0, -1) as string[]).join('/')} ${stat} ${period}`;
}

function expectedLine(alarm: CompiledAlarm): string {
  const { metrics, expression, periodSeconds } = alarm;
  const textOf = (metric: CompiledAlarm['metrics'][number]) => {
    const dimensions = Object.entries(metric.dimensions).flatMap(([name, value]) => [
      name,
      typeof value === 'string' ? value : nameInTests(value),
    ]);
    return `${[metric.namespace, metric.metricName, ...dimensions].join('/')} ${metric.statistic} ${periodSeconds}`;
  };
  if (expression === undefined || spanOf(alarm)) return metrics.map(textOf).join();
  const math = metrics.reduce(
    (text, metric) => text.replace(new RegExp(`\\b${metric.id}\\b`, 'g'), `<${metric.id}>`),
    expression,
  );
  return `${metrics.reduce((text, metric) => text.replaceAll(`<${metric.id}>`, textOf(metric)), math)} each ${periodSeconds}`;
}
