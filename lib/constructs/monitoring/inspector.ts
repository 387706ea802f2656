import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, type CfnTopic, type Topic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IDependable } from 'constructs';
import type { InspectedTopic, InspectorEnv } from '../../../lambda/inspector/env';
import { SCHEDULED_JOBS, scheduleName } from '../../contract/care/jobs';
import { acknowledge, packRules } from '../acknowledge';
import { FUNCTION_REASONS } from '../reasons';
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
  /** Topics that notify people. Each must be confirmed by its subscribers. */
  readonly topics: readonly Topic[];
}

/** Asks AWS about servers, drills and topics every five minutes and publishes the answers as CloudWatch metrics. */
export class Inspector extends Construct {
  /** Calls it; alarms on missing values are created after it. */
  readonly schedule: IDependable;

  constructor(scope: Construct, id: string, { environment, database, logs, drillMachineArn, topics }: InspectorProps) {
    super(scope, id);
    const servers = database.servers.map(({ name, instance }) => ({ name, instanceId: instance.instanceIdentifier }));
    const defaults = functionDefaults(this, 'inspector', logs);
    const inspector = new LambdaFunction(this, 'Inspect', {
      ...defaults,
      description: 'Publishes what AWS says about servers, drills and notifications as CloudWatch metrics',
      timeout: Duration.seconds(60),
      memorySize: 256,
      environment: {
        ...defaults.environment,
        ...({
          ENVIRONMENT: environment,
          SERVERS: Stack.of(this).toJsonString(servers),
          DRILLS: drillMachineArn ?? 'off',
          TOPICS: Stack.of(this).toJsonString(topics.map(inspectedTopic)),
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
    inspector.addToRolePolicy(
      new PolicyStatement({ actions: ['sns:GetTopicAttributes'], resources: topics.map(arnOf) }),
    );
    if (drillMachineArn !== undefined) {
      // Since when drills can be due.
      inspector.addToRolePolicy(
        new PolicyStatement({ actions: ['states:DescribeStateMachine'], resources: [drillMachineArn] }),
      );
    }
    inspector.addToRolePolicy(
      // Since when each job can be due. Schedules without a group of their own are in the group default.
      new PolicyStatement({
        actions: ['scheduler:GetSchedule'],
        resources: SCHEDULED_JOBS.map((job) =>
          Stack.of(this).formatArn({
            service: 'scheduler',
            resource: 'schedule',
            resourceName: `default/${scheduleName(environment, job)}`,
          }),
        ),
      }),
    );
    // Reads when drills and jobs last succeeded. The action supports no resources.
    inspector.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    acknowledgeFunction(this);
    acknowledge(this, packRules('LambdaInsideVPC'), FUNCTION_REASONS.outsideVpc);
    this.schedule = new MetricSchedule(this, 'EveryFiveMinutes', {
      publisher: inspector,
      every: Duration.minutes(5),
    }).schedule;
  }
}

function inspectedTopic(topic: Topic): InspectedTopic {
  const subscriptions = topic.node.findAll().filter((each) => each instanceof CfnSubscription).length;
  return { arn: arnOf(topic), subscriptions };
}

/** The reference itself: `topicArn` wants a fixed name of a topic in another region. */
function arnOf(topic: Topic): string {
  return (topic.node.defaultChild as CfnTopic).ref;
}
