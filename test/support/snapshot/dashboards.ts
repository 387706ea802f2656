import type { Content, DashboardBody, MetricProperties } from '../../../lib/monitoring/dashboards/body';
import { readable } from './readable';

/**
 * A dashboard as the lists of what its widgets show. Where a widget stands, how large it is and its colours are left out: one more
 * graph moves all that follow it. The tests of the dashboards check the grid.
 */
export function drawDashboard({ DashboardBody, ...rest }: Readonly<Record<string, unknown>>): unknown {
  const { widgets, ...options } = readable(DashboardBody) as DashboardBody;
  return { ...(readable(rest) as object), ...options, widgets: widgets.map(drawWidget) };
}

function drawWidget(content: Content): unknown {
  switch (content.type) {
    case 'text':
      return `text: ${content.properties.markdown.split('\n', 1)[0]}`;
    case 'alarm': {
      const { title, alarms } = content.properties;
      return { [`alarms: ${title}`]: alarms.map((arn) => arn.split(':alarm:')[1] ?? arn) };
    }
    case 'log':
      return { [`${content.properties.view}: ${content.properties.title}`]: content.properties.query };
    case 'metric':
      return { [`${content.properties.view}: ${content.properties.title}`]: drawGraph(content.properties) };
  }
}

/** Properties of a graph that are left out, or shown in a way of their own. */
const NOT_OPTIONS: readonly string[] = ['title', 'view', 'region', 'metrics', 'annotations', 'yAxis'];

function drawGraph(graph: MetricProperties): unknown[] {
  const { metrics, annotations, yAxis } = graph;
  const options = Object.fromEntries(Object.entries(graph).filter(([name]) => !NOT_OPTIONS.includes(name)));
  // The label of an axis is the description of a metric.
  const range = Object.entries(yAxis?.left ?? {}).filter(([key]) => key !== 'label');
  const shown = range.length === 0 ? options : { ...options, yAxis: Object.fromEntries(range) };
  const lines = (annotations?.horizontal ?? []).map(
    ({ value, fill, label }) => `line at ${value}${fill ? ` ${fill}` : ''}: ${label}`,
  );
  return [
    ...metrics.map((entry) => entry.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')),
    ...lines,
    ...(Object.keys(shown).length === 0 ? [] : [shown]),
  ];
}
