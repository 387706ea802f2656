import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { CollectorEnv } from '../../lambda/collector/env';
import { METRIC_NAMESPACE } from '../catalog/metric-sources';
import { acknowledge, INLINE_POLICY_RULES } from './acknowledge';
import { type Database, POSTGRES_PORT } from './database';
import { DatabaseFunction, type FunctionPlace } from './database-function';

/** The collector of one environment. */
export interface CollectorProps {
  /** Value of the dimension `Environment`. */
  readonly environment: string;
  readonly databaseName: string;
  readonly database: Database;
  readonly place: FunctionPlace;
}

/** Asks every server once a minute and publishes the answers as CloudWatch metrics. */
export class Collector extends Construct {
  constructor(scope: Construct, id: string, { environment, databaseName, database, place }: CollectorProps) {
    super(scope, id);
    const servers = database.servers.map(({ name, instance }) => ({
      name,
      host: instance.dbInstanceEndpointAddress,
      port: POSTGRES_PORT,
    }));
    const collector = new DatabaseFunction(this, 'Collect', {
      place,
      name: 'collector',
      description: 'Publishes what the database servers say of themselves as CloudWatch metrics',
      timeout: Duration.seconds(50),
      environment: {
        ENVIRONMENT: environment,
        DATABASE_NAME: databaseName,
        SERVERS: Stack.of(this).toJsonString(servers),
      } satisfies CollectorEnv,
    });
    database.grantConnect(collector, 'metrics_user');
    collector.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        // PutMetricData knows no resources; the namespace is its only condition.
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
      }),
    );
    acknowledge(
      collector,
      ['AwsSolutions-IAM5[Resource::*]'],
      'PutMetricData knows no resources; the statement allows this project’s namespace alone',
    );
    this.collectEveryMinute(collector);
  }

  private collectEveryMinute(collector: DatabaseFunction): void {
    const role = new Role(this, 'ScheduleRole', {
      description: 'Lets the schedule call the collector',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    new Schedule(this, 'EveryMinute', {
      description: 'The metrics have a period of one minute',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(collector.function, {
        role,
        input: ScheduleTargetInput.fromObject({}),
        // A pass that is late is of no use: the next one is due.
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    });
    const collectorId = Stack.of(this).getLogicalId(collector.function.node.defaultChild as CfnFunction);
    acknowledge(
      role,
      [`AwsSolutions-IAM5[Resource::<${collectorId}.Arn>:*]`, ...INLINE_POLICY_RULES],
      'the role may call this one function in any version of it, and nothing else',
    );
  }
}
