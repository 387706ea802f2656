import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { InspectorEnv } from '../../../lambda/inspector/env';
import { acknowledge, packRules } from '../acknowledge';
import type { Database } from '../database/database';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from '../functions/function-defaults';
import { MetricSchedule } from './metric-schedule';

/** The inspector of one environment. */
export interface InspectorProps {
  /** Value of the dimension `Environment`. */
  readonly environment: string;
  readonly database: Database;
  readonly logs: FunctionLogs;
  /** Whether restore drills run: only then can one be overdue. */
  readonly drills: boolean;
}

/** Calls the RDS API for every server every five minutes and publishes the results as CloudWatch metrics. */
export class Inspector extends Construct {
  constructor(scope: Construct, id: string, { environment, database, logs, drills }: InspectorProps) {
    super(scope, id);
    const servers = database.servers.map(({ name, instance }) => ({ name, instanceId: instance.instanceIdentifier }));
    const defaults = functionDefaults(this, 'inspector', logs);
    const inspector = new LambdaFunction(this, 'Inspect', {
      ...defaults,
      description: 'Publishes the state of the database servers in RDS as CloudWatch metrics',
      timeout: Duration.seconds(60),
      memorySize: 256,
      environment: {
        ...defaults.environment,
        ...({
          ENVIRONMENT: environment,
          SERVERS: Stack.of(this).toJsonString(servers),
          DRILLS: drills ? 'on' : 'off',
        } satisfies InspectorEnv),
      },
    });
    inspector.addToRolePolicy(
      new PolicyStatement({
        // Called for one instance at a time, so both actions accept its ARN (Service Authorization Reference, "Amazon RDS").
        actions: ['rds:DescribeDBInstances', 'rds:DescribePendingMaintenanceActions'],
        resources: database.servers.map(({ instance }) => instance.instanceArn),
      }),
    );
    if (drills) {
      // Reads when drills last succeeded. The action supports no resources.
      inspector.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    }
    acknowledgeFunction(this);
    acknowledge(
      this,
      packRules('LambdaInsideVPC'),
      'the function only calls the APIs of RDS and CloudWatch; inside the VPC it would need one more endpoint',
    );
    new MetricSchedule(this, 'EveryFiveMinutes', { publisher: inspector, every: Duration.minutes(5) });
  }
}
