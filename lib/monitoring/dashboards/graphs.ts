import type { Severity } from '../../shared/severities';
import type { Compilation, CompiledAlarm, CompiledEvent } from '../compiler/compiled';
import { PAGING_SEVERITY } from '../paging';
import { axisLabelOf, type MetricSource } from '../sources/source';
import type { Content, HorizontalAnnotation } from './body';
import type { DashboardContext } from './context';
import { drawingOf } from './drawing';
import { type Line, lineOf, seriesEntry, seriesOfSource, targetName } from './lines';
import { titleOfAlert, titleOfMeaning } from './titles';

/** A graph of one value a day shows a week, whatever its board shows. */
const WEEK = '-P7D';
const DAY_SECONDS = 86_400;

/** Red, orange and blue from CloudWatch's palette. */
const COLOURS: Record<Severity, string> = { critical: '#d62728', warning: '#ff7f0e', info: '#1f77b4' };

/**
 * A graph for each rule, with a line for each of its alarms. Rules with the same lines, such as the two on free storage, share one
 * graph, so every line is drawn once.
 */
export function alarmGraphs(alarms: readonly CompiledAlarm[], context: DashboardContext): Content[] {
  const graphs = new Map<string, CompiledAlarm[]>();
  for (const ofRule of groupBy(alarms, ({ alert }) => alert).values()) {
    const key = JSON.stringify([...new Set(ofRule.map((alarm) => lineOf(alarm, context).signature))].sort());
    graphs.set(key, [...(graphs.get(key) ?? []), ...ofRule]);
  }
  return [...graphs.values()].map((ofGraph) => alarmGraph(ofGraph, context));
}

function alarmGraph(alarms: readonly CompiledAlarm[], context: DashboardContext): Content {
  const lines = new Map<string, Line>();
  for (const alarm of alarms) {
    const line = lineOf(alarm, context);
    if (!lines.has(line.signature)) lines.set(line.signature, line);
  }
  const label = axisLabel(alarms, context.sources);
  return {
    type: 'metric',
    properties: {
      title: [...new Set(alarms.map(({ alert }) => titleOfAlert(alert)))].join('; '),
      view: 'timeSeries',
      stacked: false,
      region: context.region,
      metrics: [...lines.values()].flatMap((line, index) => line.entries(index + 1)),
      annotations: { horizontal: thresholds(alarms, context.environment) },
      ...(alarms.some(({ periodSeconds }) => periodSeconds >= DAY_SECONDS) && { start: WEEK }),
      ...(label !== undefined && { yAxis: { left: { label } } }),
    },
  };
}

/** Meaning and unit of the values, where all lines show one metric. */
function axisLabel(alarms: readonly CompiledAlarm[], sources: DashboardContext['sources']): string | undefined {
  const [name, other] = new Set(alarms.flatMap(({ metrics }) => metrics.map(({ source }) => source)));
  if (name === undefined || other !== undefined) return undefined;
  if (alarms.some((alarm) => drawingOf(alarm).expression !== undefined)) return undefined;
  const source = sources[name];
  if (!source) return undefined;
  const label = axisLabelOf(source);
  return source.from === 'collector' && source.kind === 'fingerprint' ? `changes of the ${label}` : label;
}

function thresholds(alarms: readonly CompiledAlarm[], environment: string): HorizontalAnnotation[] {
  return [...groupBy(alarms, ({ alert }) => alert).values()].flatMap((ofRule) => {
    const distinct = groupBy(ofRule, (alarm) => JSON.stringify(drawingOf(alarm).bounds));
    return [...distinct.values()].flatMap((alike) => {
      const { alert, severity } = alike[0]!;
      const targets = alike.map(({ alarmName }) => targetName(alarmName, alert, environment)).join(', ');
      const label = distinct.size > 1 ? `${alert}: ${targets}` : alert;
      return drawingOf(alike[0]!).bounds.map((bound) => ({ ...bound, label, color: COLOURS[severity] }));
    });
  });
}

/** The events that page. Only these have an alarm; it counts the matches of their rule. */
export function pagingEvents(events: readonly CompiledEvent[]): CompiledEvent[] {
  return events.filter(({ severity }) => severity === PAGING_SEVERITY);
}

/**
 * How often the event rules of a board matched, in the period of the alarms on the events that page. Metric and dimension: EventBridge
 * User Guide, "Monitoring Amazon EventBridge".
 */
export function eventGraph(events: readonly CompiledEvent[], { region, nameOf }: DashboardContext): Content[] {
  if (events.length === 0) return [];
  const metrics = events.map(({ alert, ruleName }) =>
    seriesEntry(
      { namespace: 'AWS/Events', metricName: 'TriggeredRules', dimensions: { RuleName: ruleName } },
      { label: alert, stat: 'Sum', period: 60 },
      nameOf,
    ),
  );
  const horizontal = pagingEvents(events).map(({ alert, severity }) => ({
    value: 0,
    fill: 'above' as const,
    label: alert,
    color: COLOURS[severity],
  }));
  const properties = { title: 'Events', view: 'timeSeries', stacked: false, region, metrics } as const;
  return [{ type: 'metric', properties: { ...properties, annotations: { horizontal } } }];
}

/** Names of the collector's metrics that no rule reads: only dashboards show them. */
export function dashboardOnlySources(
  { ledger }: Pick<Compilation, 'ledger'>,
  sources: Readonly<Record<string, MetricSource>>,
): string[] {
  const read = new Set(ledger.flatMap(({ expression }) => expression.match(/\w+/g) ?? []));
  return Object.keys(sources).filter((name) => sources[name]?.from === 'collector' && !read.has(name));
}

/**
 * A graph of a metric without an alarm: a line for each server, or the sum over its rows and the highest row. None where the
 * environment does not have its servers.
 */
export function plainGraph(name: string, context: DashboardContext): Content[] {
  const source = context.sources[name];
  if (source?.from !== 'collector') return [];
  const period = source.periodSeconds;
  const metrics = seriesOfSource(name, context).flatMap(({ target, series }) =>
    source.per === 'server'
      ? [seriesEntry(series, { label: target, stat: 'Average', period }, context.nameOf)]
      : [
          // A sum is right only over a period in which each row is published once.
          seriesEntry(series, { label: 'sum of rows', stat: 'Sum', period }, context.nameOf),
          seriesEntry(series, { label: 'highest row', stat: 'Maximum', period }, context.nameOf),
        ],
  );
  if (metrics.length === 0) return [];
  const properties = {
    title: titleOfMeaning(source.meaning),
    view: 'timeSeries',
    stacked: false,
    region: context.region,
    metrics,
  } as const;
  return [{ type: 'metric', properties: { ...properties, yAxis: { left: { label: axisLabelOf(source) } } } }];
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
