import { Duration, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { JOB_CADENCE, type ScheduledJob, scheduleName } from '../../contract/care/jobs';
import { allowMetrics } from '../functions/publish-metrics';

/** A function and the jobs that it does. */
export interface JobSchedulesProps {
  readonly environment: string;
  readonly worker: LambdaFunction;
  readonly jobs: readonly ScheduledJob[];
  /** Hour (UTC) of the jobs that do not run in every hour. */
  readonly hour: number;
}

/** An event that waits longer than this is left out: the next run does its work. */
const LATEST = Duration.hours(1);

/** Calls a function for each of its jobs with `{"job": …}`, and lets it publish that a run succeeded. */
export class JobSchedules extends Construct {
  constructor(scope: Construct, id: string, { environment, worker, jobs, hour }: JobSchedulesProps) {
    super(scope, id);
    allowMetrics(worker);
    // The schedule invokes asynchronously, and Lambda would repeat a failed run twice: it would notify three times.
    worker.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: LATEST });
    const role = new Role(this, 'Role', {
      description: 'Lets the schedules call their function',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [worker.functionArn] }));
    for (const job of jobs) {
      const { name, schedule, everyHour } = JOB_CADENCE[job];
      const created = new Schedule(this, job, {
        // The inspector asks under this name since when the job can be due.
        scheduleName: scheduleName(environment, job),
        description: `Job ${job} of ${environment}: ${name}`,
        schedule: ScheduleExpression.cron({
          ...schedule,
          ...(!everyHour && { hour: String(hour) }),
          timeZone: TimeZone.ETC_UTC,
        }),
        target: new LambdaInvoke(worker, {
          // CDK would allow all versions of the function.
          role: role.withoutPolicyUpdates(),
          input: ScheduleTargetInput.fromObject({ job }),
          retryAttempts: 2,
          maxEventAge: LATEST,
        }),
      });
      created.node.addDependency(role);
    }
  }
}
