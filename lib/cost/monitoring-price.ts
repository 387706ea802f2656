import type { PublishedSource } from '../monitoring/sources/source';
import prices from './prices.us-east-1.json';

/** Resources of a synthesized template. */
export type TemplateResources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** What is measured and watched, and what it costs a month, US dollars at list price. Dashboards and API calls are not in it. */
export interface MonitoringPrice {
  /** Series of our own that get values all the time: published ones and those of metric filters. */
  readonly series: number;
  /** Series that get values in a few hours of a month. */
  readonly occasionalSeries: number;
  /** Metrics that alarms read: a math alarm costs each of its own. */
  readonly alarmMetrics: number;
  readonly composites: number;
  readonly dollars: number;
}

/**
 * Prices the custom metrics and alarms of an environment. The number of salons is not in it: a salon is a value, not a series.
 * @param resources of all templates that have alarms or metric filters
 * @param sources what collector and inspector publish
 * @param servers the primary and its replicas: how many
 * @throws Error for an alarm that is priced otherwise
 */
export function monitoringPrice(
  resources: TemplateResources,
  sources: Readonly<Record<string, PublishedSource>>,
  servers: number,
): MonitoringPrice {
  const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const lasting = Object.entries(sources).filter(([, { hoursAMonth }]) => hoursAMonth === undefined);
  const occasional = Object.values(sources).flatMap((source) => source.hoursAMonth ?? []);
  const series =
    publishedSeries(Object.fromEntries(lasting), servers) + filteredSeries(ofType('AWS::Logs::MetricFilter'));
  const alarmMetrics = ofType('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0);
  const composites = ofType('AWS::CloudWatch::CompositeAlarm').length;
  const { alarmMetric, compositeAlarm, metric } = prices.cloudwatch;
  const hours = occasional.reduce((sum, each) => sum + each, 0);
  const dollars =
    tiered(series) +
    ((metric[0]?.each ?? 0) * hours) / prices.hoursPerMonth +
    alarmMetrics * alarmMetric +
    composites * compositeAlarm;
  return {
    series,
    occasionalSeries: occasional.length,
    alarmMetrics,
    composites,
    dollars: Math.round(dollars * 100) / 100,
  };
}

/** Series that the sources make: one, or one for each server that they are about. */
export function publishedSeries(sources: Readonly<Record<string, PublishedSource>>, servers: number): number {
  const serversOf = { all: servers, primary: 1, replicas: servers - 1 };
  return Object.values(sources).reduce(
    (sum, source) => sum + (source.per === 'server' ? serversOf[source.servers] : 1),
    0,
  );
}

/** Filters of several log groups may feed one series. */
function filteredSeries(filters: readonly { readonly Properties?: object }[]): number {
  const names = filters.flatMap(({ Properties }) => {
    const { MetricTransformations } = Properties as { MetricTransformations: { MetricNamespace: string; MetricName: string }[] };
    return MetricTransformations.map(({ MetricNamespace, MetricName }) => JSON.stringify([MetricNamespace, MetricName]));
  });
  return new Set(names).size;
} // prettier-ignore

function metricsOf({ Properties = {} }: { readonly Properties?: object }): number {
  const alarm = Properties as { AlarmName?: unknown; MetricName?: string; Period?: number; Metrics?: { MetricStat?: { Period: number } }[] }; // prettier-ignore
  const refuse = (why: string) => new Error(`alarm ${String(alarm.AlarmName)} ${why}, which is priced otherwise`);
  if (alarm.MetricName !== undefined) {
    if ((alarm.Period ?? 60) < 60) throw refuse('has a period under a minute');
    return 1;
  }
  const stats = (alarm.Metrics ?? []).flatMap(({ MetricStat }) => (MetricStat ? [MetricStat] : []));
  if (stats.length === 0) throw refuse('reads no metric by its name');
  if (stats.some(({ Period }) => Period < 60)) throw refuse('has a period under a minute');
  return stats.length;
}

/** The first series of an account are the dearest. */
function tiered(series: number): number {
  let [dollars, counted] = [0, 0];
  for (const { upTo, each } of prices.cloudwatch.metric) {
    const here = Math.max(0, Math.min(series, upTo) - counted);
    dollars += here * each;
    counted += here;
  }
  if (counted < series) throw new Error(`${series} series are more than there are prices for (${counted})`);
  return dollars;
}
