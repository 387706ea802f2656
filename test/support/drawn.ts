import type { CompiledAlarm, ResourceName } from '../../lib/catalog/compiled';
import type { EntryOptions, MetricEntry, MetricProperties, SeriesEntry } from '../../lib/catalog/dashboards/body';
import type { Dashboard } from '../../lib/catalog/dashboards/dashboards';

/** A resource's name as tests see it. */
export const resolveName = ({ kind, name }: ResourceName) => `the-${kind}-${name}`;

/** Titles of the dashboards on which an alarm is drawn as it is: the very series or math, with its threshold on its bad side. */
export function drawnOn(alarm: CompiledAlarm, dashboards: readonly Dashboard[]): string[] {
  return dashboards.flatMap(({ title, body }) =>
    body.widgets.flatMap((widget) =>
      widget.type === 'metric' && hasThreshold(alarm, widget.properties)
        ? drawnLines(widget.properties).flatMap((line) => (line === expectedLine(alarm) ? [title] : []))
        : [],
    ),
  );
}

function hasThreshold({ alert, threshold, comparisonOperator }: CompiledAlarm, { annotations }: MetricProperties) {
  const fill = comparisonOperator.includes('Greater') ? 'above' : 'below';
  return (annotations?.horizontal ?? []).some(
    (line) =>
      (line.label === alert || line.label.startsWith(`${alert}: `)) && line.value === threshold && line.fill === fill,
  );
}

/** What is visible, with the series in place of the ids. */
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

function expectedLine({ metrics, expression, periodSeconds }: CompiledAlarm): string {
  const textOf = (metric: CompiledAlarm['metrics'][number]) => {
    const dimensions = Object.entries(metric.dimensions).flatMap(([name, value]) => [
      name,
      typeof value === 'string' ? value : resolveName(value),
    ]);
    return `${[metric.namespace, metric.metricName, ...dimensions].join('/')} ${metric.statistic} ${periodSeconds}`;
  };
  if (expression === undefined) return metrics.map(textOf).join();
  const math = metrics.reduce(
    (text, metric) => text.replace(new RegExp(`\\b${metric.id}\\b`, 'g'), `<${metric.id}>`),
    expression,
  );
  return `${metrics.reduce((text, metric) => text.replaceAll(`<${metric.id}>`, textOf(metric)), math)} each ${periodSeconds}`;
}
