import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CompiledLogFilter } from '../../monitoring/compiler/compiled';
import type { Database } from '../database/database';
import { serverLogName } from '../database/server-logs';

/** Metrics that count lines of the servers' logs. */
export interface LogFiltersProps {
  readonly filters: readonly CompiledLogFilter[];
  readonly database: Database;
}

/**
 * Counts lines of every server's PostgreSQL log, all servers in one metric. The database's stack makes the log
 * groups.

 */
export class LogFilters extends Construct {
  constructor(scope: Construct, id: string, { filters, database }: LogFiltersProps) {
    super(scope, id);
    for (const { name: server, instance } of database.servers) {
      const logGroup = LogGroup.fromLogGroupName(this, `${server}-log`, serverLogName(instance.instanceIdentifier));
      for (const { source, namespace, pattern, rare } of filters) {
        new MetricFilter(this, `${source}-${server}`, {
          logGroup,
          metricNamespace: namespace,
          metricName: source,
          filterPattern: FilterPattern.literal(pattern),
          metricValue: '1',
          // Other lines count 0, so that a graph distinguishes a log without matches from one that stopped. A rare match is worth no series.
          defaultValue: rare ? undefined : 0,
        });
      }
    }
  }
}
