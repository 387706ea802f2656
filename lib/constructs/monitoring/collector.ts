import { Duration, Stack } from 'aws-cdk-lib';
import { Construct, type IDependable } from 'constructs';
import type { CollectorEnv } from '../../../lambda/collector/env';
import { loadCollection } from '../../monitoring/collection';
import { METRICS_USER } from '../../contract/roles';
import type { Database } from '../database/database';
import { POSTGRES_PORT } from '../database/database-server';
import { DatabaseFunction, type FunctionPlacement } from '../functions/database-function';
import { MetricSchedule } from './metric-schedule';
import { WorstSalonQueries } from './worst-salon-queries';

/** The collector of one environment. */
export interface CollectorProps {
  /** Value of the dimension `Environment`. */
  readonly environment: string;
  readonly databaseName: string;
  readonly database: Database;
  readonly placement: FunctionPlacement;
}

/**
 * Runs the queries of custom-queries.yaml on every server once a minute and publishes the results as CloudWatch metrics.
 * @throws InvalidQueries when custom-queries.yaml cannot be used
 */
export class Collector extends Construct {
  /** Calls it; alarms on missing values are created after it. */
  readonly schedule: IDependable;
  /** Its log names the worst salons, the largest tables and the most expensive statements. */
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, { environment, databaseName, database, placement }: CollectorProps) {
    super(scope, id);
    const collection = loadCollection();
    const servers = database.servers.map(({ name, instance }) => ({
      name,
      host: instance.dbInstanceEndpointAddress,
      port: POSTGRES_PORT,
    }));
    const collector = new DatabaseFunction(this, 'Collect', {
      placement,
      name: 'collector',
      description: 'Publishes the results of queries on the database servers as CloudWatch metrics',
      timeout: Duration.seconds(50),
      environment: {
        ENVIRONMENT: environment,
        DATABASE_NAME: databaseName,
        SERVERS: Stack.of(this).toJsonString(servers),
      } satisfies CollectorEnv,
    });
    database.grantConnect(collector, METRICS_USER);
    this.schedule = new MetricSchedule(this, 'EveryMinute', {
      publisher: collector.function,
      every: Duration.minutes(1),
    }).schedule;
    this.logGroupName = collector.function.logGroup.logGroupName;
    new WorstSalonQueries(this, 'WorstSalons', { environment, collection, logGroup: collector.function.logGroup });
  }
}
