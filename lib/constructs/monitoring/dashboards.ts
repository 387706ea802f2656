import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Compilation } from '../../monitoring/compiler/compiled';
import type { DashboardContext } from '../../monitoring/dashboards/context';
import { buildDashboards } from '../../monitoring/dashboards/dashboards';
import { METRIC_SOURCES } from '../../monitoring/sources/metric-sources';

/** Content of the dashboards of one environment. */
export interface DashboardsProps extends Omit<DashboardContext, 'alarmArn' | 'sources'> {
  readonly compilation: Compilation;
}

/**
 * The owner's four dashboards: PostgreSQL Overview, Replication Status, WhatsApp SaaS Metrics, Backup Status. An account's first three
 * dashboards are free, each further one costs $3 a month: $12 if other dashboards use up the free ones.
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
      // The L1 construct takes the body as the tests check it; the L2 construct would build another one.
      new CfnDashboard(this, title.replaceAll(' ', ''), {
        dashboardName: name,
        dashboardBody: stack.toJsonString(body),
      });
    }
  }
}
