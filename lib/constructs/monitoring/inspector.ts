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
  /** Whether restore drills run, so that one can be overdue. */
  readonly drills: boolean;
}

/** Asks the API of RDS about every server each five minutes and publishes the answers as CloudWatch metrics. */
export class Inspector extends Construct {
  constructor(scope: Construct, id: string, { environment, database, logs, drills }: InspectorProps) {
    super(scope, id);
    const servers = database.servers.map(({ name, instance }) => ({ name, instanceId: instance.instanceIdentifier }));
    const defaults = functionDefaults(this, 'inspector', logs);
    const inspector = new LambdaFunction(this, 'Inspect', {
      ...defaults,
      description: 'Publishes what RDS says of the database servers as CloudWatch metrics',
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
        // Both take the ARN of an instance (Service Authorization Reference, "Amazon RDS"), because they are asked for one by one.
        actions: ['rds:DescribeDBInstances', 'rds:DescribePendingMaintenanceActions'],
        resources: database.servers.map(({ instance }) => instance.instanceArn),
      }),
    );
    if (drills) {
      // It knows no resources; what it reads is when drills succeeded.
      inspector.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    }
    acknowledgeFunction(this);
    acknowledge(
      this,
      packRules('LambdaInsideVPC'),
      'the function calls the APIs of RDS and CloudWatch alone; inside the VPC it would need one more endpoint for it',
    );
    new MetricSchedule(this, 'EveryFiveMinutes', { publisher: inspector, every: Duration.minutes(5) });
  }
}
