import type { Compilation, CompiledAlarm } from '../../../lib/monitoring/compiler/compiled';
import type { MetricProperties } from '../../../lib/monitoring/dashboards/body';
import type { DashboardContext } from '../../../lib/monitoring/dashboards/context';
import { buildDashboards, type Dashboard } from '../../../lib/monitoring/dashboards/dashboards';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import type { Inventory } from '../../../lib/monitoring/compiler/target';
import { FULL } from './alerts';
import { alarm, metric } from './compilation';
import { nameInTests, resourceIdInTests } from './drawn';

/** The context of an environment's dashboards in us-east-1. */
export function dashboardContext(inventory: Inventory): DashboardContext {
  return {
    ...inventory,
    region: 'us-east-1',
    sources: METRIC_SOURCES,
    nameOf: nameInTests,
    resourceIdOf: resourceIdInTests,
    collectorLog: '/aws/lambda/the-collector',
    alarmArn: (name) => `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`,
  };
}

/** The dashboards of an environment with everything, unless changed. */
export function build(compilation: Compilation, change: Partial<DashboardContext> = {}): Dashboard[] {
  return buildDashboards(compilation, { ...dashboardContext(FULL), ...change });
}

/** Metric widgets, of all dashboards or of the one with the title. */
export function graphs(dashboards: readonly Dashboard[], title?: string): MetricProperties[] {
  return dashboards
    .filter((dashboard) => title === undefined || dashboard.title === title)
    .flatMap(({ body }) => body.widgets)
    .flatMap((widget) => (widget.type === 'metric' ? [widget.properties] : []));
}

/** The one metric widget that draws all of some alerts. */
export function graph(dashboards: readonly Dashboard[], ...alerts: string[]): MetricProperties {
  const found = graphs(dashboards).filter((properties) => alerts.every((alert) => draws(properties, alert)));
  expect(found.map((properties) => properties.title)).toHaveLength(1);
  return found[0]!;
}

/** Whether a graph has a threshold of an alert. */
export function draws({ annotations }: MetricProperties, alert: string): boolean {
  return (annotations?.horizontal ?? []).some(({ label }) => label.split(': ')[0] === alert);
}

/** Alarms of PostgreSQLDown, one for each server. */
export function alarmsOnServers(...servers: string[]): CompiledAlarm[] {
  return servers.map((server) =>
    alarm({
      alert: 'PostgreSQLDown',
      alarmName: `production-PostgreSQLDown-${server}`,
      severity: 'critical',
      metrics: [
        metric({ source: 'pg_up', metricName: 'pg_up', dimensions: { Environment: 'production', Server: server } }),
      ],
      comparisonOperator: 'LessThanThreshold',
    }),
  );
}
