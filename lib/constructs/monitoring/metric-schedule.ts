import type { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { allowMetrics } from '../functions/publish-metrics';

/** A function that publishes metrics, and its interval. */
export interface MetricScheduleProps {
  readonly publisher: LambdaFunction;
  readonly every: Duration;
}

/** Lets a function publish metrics of this project, and calls it once per period of its metrics. */
export class MetricSchedule extends Construct {
  /** Alarms on missing values are created after it. */
  readonly schedule: Schedule;

  constructor(scope: Construct, id: string, { publisher, every }: MetricScheduleProps) {
    super(scope, id);
    allowMetrics(publisher);
    // The schedule invokes asynchronously, and Lambda would retry a failed pass twice: it would count twice, and late.
    publisher.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
    const role = new Role(this, 'Role', {
      description: 'Lets the schedule call its function',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [publisher.functionArn] }));
    this.schedule = new Schedule(this, 'Resource', {
      description: 'Once per period of the metrics',
      schedule: ScheduleExpression.rate(every),
      target: new LambdaInvoke(publisher, {
        // CDK would allow all versions of the function.
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({}),
        // A late pass is useless: the next one is due.
        retryAttempts: 0,
        maxEventAge: every,
      }),
    });
    this.schedule.node.addDependency(role);
  }
}
