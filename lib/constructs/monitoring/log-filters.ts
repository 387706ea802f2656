import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CompiledLogFilter } from '../../monitoring/compiler/compiled';
import type { Database } from '../database/database';

/** Metrics that are counted in the servers' logs. */
export interface LogFiltersProps {
  readonly filters: readonly CompiledLogFilter[];
  readonly database: Database;
}

/**
 * Counts lines of every server's PostgreSQL log, all servers in one metric. The log groups are RDS's; they exist before this stack,
 * because the retention function of the database's stack makes them.
 */
export class LogFilters extends Construct {
  constructor(scope: Construct, id: string, { filters, database }: LogFiltersProps) {
    super(scope, id);
    for (const { name: server, instance } of database.servers) {
      const logGroup = LogGroup.fromLogGroupName(
        this,
        `${server}-log`,
        `/aws/rds/instance/${instance.instanceIdentifier}/postgresql`,
      );
      for (const { source, namespace, pattern } of filters) {
        new MetricFilter(this, `${source}-${server}`, {
          logGroup,
          metricNamespace: namespace,
          metricName: source,
          filterPattern: FilterPattern.literal(pattern),
          metricValue: '1',
          // Lines without a match count 0, so that a quiet log and one that stopped can be told apart on a graph.
          defaultValue: 0,
        });
      }
    }
  }
}
