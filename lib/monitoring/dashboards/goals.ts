import type { MetricName } from '../sources/metric-sources';
import type { Content, MetricEntry, MetricProperties } from './body';
import type { DashboardContext } from './context';
import { type Series, seriesEntry, seriesOfSource } from './lines';

/** A target of the original, with the figure that measures it. */
export interface Goal {
  readonly name: string;
  /** As the original states it, with its unit. */
  readonly goal: string;
  /** What the figure shows. */
  readonly measured: string;
  /** Absent: not measured in this environment; `measured` says why. */
  readonly figure?: Content;
}

/** Time range of figures over time. CloudWatch keeps one-minute values for 15 days, which is longer. */
const WEEK = '-P7D';
const GREEN = '#2ca02c';
const RED = '#d62728';
const RECOVERY_TIME_SOURCE = 'drill_recovery_time_seconds' satisfies MetricName;

/** The seven targets of the original, in one environment. */
export function goalsOf(context: DashboardContext): Goal[] {
  return [
    availability(context),
    replicationLag(context),
    queryTime(context),
    backupSuccess(context),
    recoveryTime(context),
    recoveryPoint(context),
    poolUse(context),
  ];
}

function availability(context: DashboardContext): Goal {
  const up = firstOf('pg_up', context);
  return {
    name: 'Availability',
    goal: '99.9 %',
    measured:
      'share of the checks of the last 7 days, one a minute, that the primary answered; minutes without a check do not count',
    ...(up && {
      figure: number(
        'Availability, last 7 days: goal 99.9 %',
        [math('100 * m1', 'primary, %'), hidden(up, 'm1', 'Average', context)],
        context,
      ),
    }),
  };
}

function replicationLag(context: DashboardContext): Goal {
  const replicas = seriesOfSource('replication_lag_lag_seconds' satisfies MetricName, context);
  const common = { name: 'Replication lag', goal: '< 5 s' };
  if (replicas.length === 0) return { ...common, measured: 'nothing: this environment has no replica' };
  return {
    ...common,
    measured: 'how far the data of each replica is behind, highest value of the last minute',
    figure: gauge(
      'Replication lag, s: goal under 5',
      replicas.map(({ target, series }) =>
        seriesEntry(series, { label: target, stat: 'Maximum', period: 60 }, context.nameOf),
      ),
      { goal: 5, max: 30 },
      context,
    ),
  };
}

/**
 * RDS publishes no percentile of query times, and RDS Proxy publishes averages of each of its nodes. Metric and dimension: RDS User
 * Guide, "Monitoring RDS Proxy metrics".
 */
function queryTime(context: DashboardContext): Goal {
  const ofProxy = firstOf('aws_rds_database_connections_borrow_latency_average', context);
  const common = { name: 'Query time, 95th percentile', goal: '< 100 ms' };
  if (!ofProxy) {
    return { ...common, measured: 'nothing: only a proxy measures query time, and this environment has none' };
  }
  return {
    ...common,
    measured:
      'a substitute: the **average**, not 95th percentile, of the proxy’s response times in the last five minutes. CloudWatch has no percentile of query times; see Database Insights and pg_stat_statements',
    figure: gauge(
      'Query time at the proxy, average, ms: goal under 100 as p95',
      [
        math('m1 / 1000', 'average, ms', 300),
        hidden({ ...ofProxy, metricName: 'QueryResponseLatency' }, 'm1', 'Average', context, 300),
      ],
      { goal: 100, max: 400 },
      context,
    ),
  };
}

function backupSuccess(context: DashboardContext): Goal {
  const completed = firstOf('aws_backup_number_of_backup_jobs_completed_sum', context);
  const failed = firstOf('aws_backup_number_of_backup_jobs_failed_sum', context);
  const expired = firstOf('aws_backup_number_of_backup_jobs_expired_sum', context);
  const common = { name: 'Backup success', goal: '100 %' };
  if (!completed || !failed || !expired) {
    return { ...common, measured: 'nothing: this environment makes no backups' };
  }
  return {
    ...common,
    measured: 'completed backup jobs as a share of all that ended in the last 7 days; empty when there were none',
    figure: number(
      'Backup success, last 7 days: goal 100 %',
      [
        // AWS Backup publishes no value for a count of 0.
        math('100 * FILL(m1, 0) / (FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0))', 'completed, %'),
        hidden(completed, 'm1', 'Sum', context),
        hidden(failed, 'm2', 'Sum', context),
        hidden(expired, 'm3', 'Sum', context),
      ],
      context,
    ),
  };
}

function recoveryTime(context: DashboardContext): Goal {
  const ofDrill = seriesOfSource(RECOVERY_TIME_SOURCE, context)[0]?.series;
  const common = { name: 'Recovery time', goal: '< 1 h' };
  if (!ofDrill || !context.hasDrills)
    return { ...common, measured: 'nothing: this environment runs no restore drills' };
  return {
    ...common,
    measured: 'the longest restore drill of the last 35 days',
    figure: number(
      'Recovery time, longest of 35 days, min: goal under 60',
      [math('m1 / 60', 'drill, min'), hidden(ofDrill, 'm1', 'Maximum', context)],
      context,
      '-P35D',
    ),
  };
}

function recoveryPoint(context: DashboardContext): Goal {
  const common = { name: 'Recovery point', goal: '< 5 min' };
  const age = firstOf('rds_recovery_point_age_seconds', context);
  if (!age || !context.hasBackups) return { ...common, measured: 'nothing: this environment makes no backups' };
  return {
    ...common,
    measured:
      'age of the latest time to which the primary can be restored, as RDS reports it, checked every five minutes',
    figure: gauge(
      'Recovery point, min: goal under 5',
      [math('m1 / 60', 'age, min', 300), hidden(age, 'm1', 'Maximum', context, 300)],
      { goal: 5, max: 30 },
      context,
    ),
  };
}

/** With a proxy the pool is the proxy's, which is full long before the primary's max_connections are in use. */
function poolUse(context: DashboardContext): Goal {
  const { servers, proxyConnections } = context;
  const sessions = seriesOfSource('pg_connections_used' satisfies MetricName, context);
  const ofProxy = firstOf('aws_rds_database_connections_sum', context);
  const pools = [
    ...(ofProxy
      ? [{ name: `proxy, of ${proxyConnections}`, series: ofProxy, most: proxyConnections, stat: 'Sum' }]
      : []),
    ...servers.flatMap(({ name, maxConnections }) => {
      const series = sessions.find(({ target }) => target === name)?.series;
      return series ? [{ name: `${name}, of ${maxConnections}`, series, most: maxConnections, stat: 'Maximum' }] : [];
    }),
  ];
  const measuredProxy = `server connections of the proxy as a share of the ${proxyConnections} that it may open; `;
  return {
    name: 'Pool use',
    goal: '< 80 %',
    measured: `${ofProxy ? measuredProxy : ''}sessions of each server as a share of its max_connections`,
    figure: gauge(
      'Pool use, %: goal under 80',
      pools.flatMap(({ name, series, most, stat }, index) => [
        math(`100 * m${index + 1} / ${most}`, name, 60, `e${index + 1}`),
        hidden(series, `m${index + 1}`, stat, context, 60),
      ]),
      { goal: 80, max: 100 },
      context,
    ),
  };
}

/** One figure for a whole time range. */
function number(title: string, metrics: readonly MetricEntry[], context: DashboardContext, start = WEEK): Content {
  return widget({ title, view: 'singleValue', region: context.region, metrics, setPeriodToTimeRange: true, start });
}

/** The current value, green within the goal and red beyond it. */
function gauge(
  title: string,
  metrics: readonly MetricEntry[],
  { goal, max }: { readonly goal: number; readonly max: number },
  { region }: DashboardContext,
): Content {
  return widget({
    title,
    view: 'gauge',
    region,
    metrics,
    yAxis: { left: { min: 0, max } },
    annotations: {
      horizontal: [
        { value: goal, label: 'within the goal', color: GREEN, fill: 'below' },
        { value: goal, label: 'goal missed', color: RED, fill: 'above' },
      ],
    },
  });
}

function widget(properties: MetricProperties): Content {
  return { type: 'metric', properties };
}

function math(expression: string, label: string, period?: number, id = 'e1'): MetricEntry {
  return [{ expression, id, label, ...(period !== undefined && { period }) }];
}

function hidden(series: Series, id: string, stat: string, { nameOf }: DashboardContext, period?: number): MetricEntry {
  return seriesEntry(series, { id, stat, visible: false, ...(period !== undefined && { period }) }, nameOf);
}

/** The series of a source, or of its first server; none where the environment does not have it. */
function firstOf(name: MetricName, context: DashboardContext): Series | undefined {
  return seriesOfSource(name, context)[0]?.series;
}
