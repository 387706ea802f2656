import type { PublishedSource } from '../../monitoring/sources/source';
import { type CostLine, DAYS_PER_MONTH, HOURS_PER_MONTH, type Line } from '../cost-line';
import { PRICES } from '../prices';
import type { Resource } from '../resources';
import type { Pricer, Pricing } from './pricer';

/** Hours of a month with lines that a filter without a default value counts: one each day. */
const HOURS_WITH_RARE_LINES = 30;

/** An alarm on metric math is charged for each of its metrics. */
export const ALARM: Pricer = {
  group: 'monitoring',
  lines: ({ properties }, { line }) => [
    line('metrics that it reads', alarmMetrics(properties), 'metrics', 'cloudwatch/alarmMetric'),
  ],
};

/** A composite alarm. */
export const COMPOSITE: Pricer = {
  group: 'monitoring',
  lines: (_, { line }) => [line('composite alarm', 1, 'alarm', 'cloudwatch/compositeAlarm')],
};

/** A dashboard. */
export const DASHBOARD: Pricer = {
  group: 'dashboards',
  lines: (_, { line }) => [line('dashboard', 1, 'dashboard', 'cloudwatch/dashboard')],
};

/** A log group: what is written into it, and what it keeps. Which usage applies its name and id tell. */
export const LOG_GROUP: Pricer = {
  group: 'logs',
  lines: ({ id, properties }, { line, usage }) => {
    const name = usageOf(id, JSON.stringify(properties['LogGroupName'] ?? ''));
    const gb = usage[name];
    const keptGb = (gb * Number(properties['RetentionInDays'] ?? 0)) / DAYS_PER_MONTH;
    return [
      line('log written', gb, 'GB', 'cloudwatch/logsIngestGb', name),
      line('log kept', keptGb, 'GB', 'cloudwatch/logsStoreGbMonth', name),
    ];
  },
};

function usageOf(id: string, name: string) {
  // RDS writes into it during a major upgrade only.
  if (/upgrade/i.test(id)) return 'proxyLogGb' as const;
  if (/FlowLogs/.test(id)) return 'flowLogGb' as const;
  if (name.includes('/aws/rds/instance')) return 'serverLogGb' as const;
  if (name.includes('/aws/rds/proxy')) return 'proxyLogGb' as const;
  if (name.includes('vendedlogs/elasticache')) return 'cacheLogGb' as const;
  return name.includes('vendedlogs/states') ? ('stateMachineLogGb' as const) : ('functionLogGb' as const);
}

/** Custom series of an environment. */
export interface CustomSeries {
  /** With values all the time: published ones and those of metric filters. */
  readonly lasting: number;
  /** With values in a few hours of a month only. */
  readonly occasional: number;
  /** These hours, of all occasional series. */
  readonly occasionalHours: number;
}

/**
 * Counts the custom series of an environment. The number of salons does not matter: a salon is a value, not a series.
 * @param sources metrics that collector, inspector and drills publish
 * @param servers number of servers: the primary and its replicas
 */
export function customSeries(
  resources: readonly Resource[],
  sources: Readonly<Record<string, PublishedSource>>,
  servers: number,
): CustomSeries {
  const filters = resources.filter(({ type }) => type === 'AWS::Logs::MetricFilter');
  const lasting = Object.entries(sources).filter(([, { hoursAMonth }]) => hoursAMonth === undefined);
  const occasional = [
    ...Object.values(sources).flatMap((source) => source.hoursAMonth ?? []),
    ...filteredSeries(filters, false).map(() => HOURS_WITH_RARE_LINES),
  ];
  return {
    lasting: publishedSeries(Object.fromEntries(lasting), servers) + filteredSeries(filters, true).length,
    occasional: occasional.length,
    occasionalHours: occasional.reduce((sum, each) => sum + each, 0),
  };
}

/**
 * The lines of custom series.
 * @throws Error for more series than the first price applies to
 */
export function seriesLines({ lasting, occasional, occasionalHours }: CustomSeries, line: Line): CostLine[] {
  const [{ upTo }] = PRICES.cloudwatch.metric;
  if (lasting + occasional > upTo)
    throw new Error(`${lasting + occasional} series are more than the ${upTo} that have the first price`);
  return [
    line('series', lasting, 'series', FIRST_PRICE),
    line('series with values in few hours', occasionalHours / HOURS_PER_MONTH, 'series', FIRST_PRICE),
  ];
}
const FIRST_PRICE = 'cloudwatch/metric/0/each';

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
function filteredSeries(filters: readonly Resource[], always: boolean): string[] {
  const names = filters.flatMap(({ properties }) =>
    (properties as unknown as MetricFilter).MetricTransformations.filter(
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

/**
 * Number of metrics that an alarm reads.
 * @throws Error for an alarm that has another price: with a period under a minute, or on a query
 */
export function alarmMetrics(alarm: Alarm): number {
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

/** Number of servers of an environment. */
export function serversOf({ config }: Pick<Pricing, 'config'>): number {
  return 1 + config.replicas.length;
}
