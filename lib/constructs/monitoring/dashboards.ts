import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Compilation } from '../../monitoring/compiler/compiled';
import type { DashboardContext } from '../../monitoring/dashboards/context';
import { buildDashboards } from '../../monitoring/dashboards/dashboards';
import { METRIC_SOURCES } from '../../monitoring/sources/metric-sources';

/** What the dashboards of one environment show. */
export interface DashboardsProps extends Omit<DashboardContext, 'alarmArn' | 'sources'> {
  readonly compilation: Compilation;
}

/**
 * The owner's four dashboards: PostgreSQL Overview, Replication Status, WhatsApp SaaS Metrics, Backup Status. $3 a month each beyond
 * an account's first three: $12 where others use those up.
 */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, { compilation, ...context }: DashboardsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const dashboards = buildDashboards(compilation, {
      ...context,
      sources: METRIC_SOURCES,
      alarmArn: (resourceName) =>
        stack.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
    });
    for (const { name, title, body } of dashboards) {
      // The L1, because its body is the very data that the tests check; the L2 would write it anew.
      new CfnDashboard(this, title.replaceAll(' ', ''), {
        dashboardName: name,
        dashboardBody: stack.toJsonString(body),
      });
    }
  }
}
