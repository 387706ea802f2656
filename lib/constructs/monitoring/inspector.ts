import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
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
  /** ARN of the state machine of the restore drills. Default: none run, so none can be overdue. */
  readonly drillMachineArn?: string;
}

/** Calls the RDS API for every server every five minutes and publishes the results as CloudWatch metrics. */
export class Inspector extends Construct {
  /** Calls it; alarms on missing values are created after it. */
  readonly schedule: IDependable;

  constructor(scope: Construct, id: string, { environment, database, logs, drillMachineArn }: InspectorProps) {
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
          DRILLS: drillMachineArn ?? 'off',
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
    if (drillMachineArn !== undefined) {
      // Reads when drills last succeeded. The action supports no resources.
      inspector.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
      // And since when they can be due.
      inspector.addToRolePolicy(
        new PolicyStatement({ actions: ['states:DescribeStateMachine'], resources: [drillMachineArn] }),
      );
    }
    acknowledgeFunction(this);
    acknowledge(
      this,
      packRules('LambdaInsideVPC'),
      'the function only calls APIs of AWS; inside the VPC it would need two more endpoints',
    );
    this.schedule = new MetricSchedule(this, 'EveryFiveMinutes', {
      publisher: inspector,
      every: Duration.minutes(5),
    }).schedule;
  }
}
