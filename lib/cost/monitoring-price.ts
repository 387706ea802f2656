import type { PublishedSource } from '../monitoring/sources/source';
import { toCents } from './cost-line';
import { PRICES } from './prices';

/** Hours of a month with lines that a filter without a default value counts: one each day. */
const HOURS_WITH_RARE_LINES = 30;

/** Resources of a synthesized template. */
export type TemplateResources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** Metrics and alarms of an environment, and their price a month in US dollars at list price. Dashboards and API calls are not included. */
export interface MonitoringPrice {
  /** Custom series with values all the time: published ones and those of metric filters. */
  readonly series: number;
  /** Series with values in a few hours of a month only. */
  readonly occasionalSeries: number;
  /** Metrics that alarms read: an alarm on metric math is charged for each of its metrics. */
  readonly alarmMetrics: number;
  readonly composites: number;
  readonly dollars: number;
}

/**
 * Prices the custom metrics and alarms of an environment. The number of salons does not matter: a salon is a value, not a series.
 * @param resources of all templates that have alarms or metric filters
 * @param sources metrics that collector, inspector and drills publish
 * @param servers number of servers: the primary and its replicas
 * @throws Error for an alarm that has another price, and for more series than there are prices for
 */
export function monitoringPrice(
  resources: TemplateResources,
  sources: Readonly<Record<string, PublishedSource>>,
  servers: number,
): MonitoringPrice {
  const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const lasting = Object.entries(sources).filter(([, { hoursAMonth }]) => hoursAMonth === undefined);
  const filters = ofType('AWS::Logs::MetricFilter');
  const occasional = [
    ...Object.values(sources).flatMap((source) => source.hoursAMonth ?? []),
    ...filteredSeries(filters, false).map(() => HOURS_WITH_RARE_LINES),
  ];
  const series = publishedSeries(Object.fromEntries(lasting), servers) + filteredSeries(filters, true).length;
  const alarmMetrics = ofType('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0);
  const composites = ofType('AWS::CloudWatch::CompositeAlarm').length;
  const { alarmMetric, compositeAlarm, metric } = PRICES.cloudwatch;
  const hours = occasional.reduce((sum, each) => sum + each, 0);
  const dollars =
    tiered(series) +
    (metric[0].each * hours) / PRICES.hoursPerMonth +
    alarmMetrics * alarmMetric +
    composites * compositeAlarm;
  return { series, occasionalSeries: occasional.length, alarmMetrics, composites, dollars: toCents(dollars) };
}

/** Number of series of the sources: one each, or one for each server that the source is about. */
export function publishedSeries(sources: Readonly<Record<string, PublishedSource>>, servers: number): number {
  const serversOf = { all: servers, primary: 1, replicas: servers - 1 };
  return Object.values(sources).reduce(
    (sum, source) => sum + (source.per === 'server' ? serversOf[source.servers] : 1),
    0,
  );
}

/**
 * Series of metric filters; the filters of several log groups may write one series.
 * @param always those that have a value for every line, or those that have one for a matching line only
 */
function filteredSeries(filters: readonly { readonly Properties?: object }[], always: boolean): string[] {
  const names = filters.flatMap(({ Properties }) =>
    (Properties as MetricFilter).MetricTransformations.filter(
      ({ DefaultValue }) => (DefaultValue !== undefined) === always,
    ).map(({ MetricNamespace, MetricName }) => JSON.stringify([MetricNamespace, MetricName])),
  );
  return [...new Set(names)];
}

/** Properties of AWS::Logs::MetricFilter that name its series. */
interface MetricFilter {
  readonly MetricTransformations: readonly {
    readonly MetricNamespace: string;
    readonly MetricName: string;
    readonly DefaultValue?: number;
  }[];
}

/** Properties of AWS::CloudWatch::Alarm that decide its price. */
interface Alarm {
  readonly AlarmName?: unknown;
  readonly MetricName?: string;
  /** Seconds. */
  readonly Period?: number;
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Period?: number } }[];
}

/** Number of metrics that an alarm reads. An alarm with a period under a minute has another price. */
function metricsOf({ Properties = {} }: { readonly Properties?: object }): number {
  const alarm: Alarm = Properties;
  const refuse = (why: string) =>
    new Error(`alarm ${String(alarm.AlarmName)} ${why}, and such alarms have another price`);
  const stats = (alarm.Metrics ?? []).flatMap(({ MetricStat }) => (MetricStat ? [MetricStat] : []));
  const read = alarm.MetricName === undefined ? stats : [alarm];
  if (read.length === 0) throw refuse('reads no metric by its name');
  for (const { Period } of read) {
    if (Period === undefined) throw refuse('states no period');
    if (Period < 60) throw refuse('has a period under a minute');
  }
  return read.length;
}

/** Price of a number of series: the first ones of an account cost the most. */
function tiered(series: number): number {
  let [dollars, counted] = [0, 0];
  for (const { upTo, each } of PRICES.cloudwatch.metric) {
    const here = Math.max(0, Math.min(series, upTo) - counted);
    dollars += here * each;
    counted += here;
  }
  if (counted < series) throw new Error(`${series} series are more than there are prices for (${counted})`);
  return dollars;
}
