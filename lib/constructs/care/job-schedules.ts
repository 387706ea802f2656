import { Duration, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { JOB_CADENCE, type ScheduledJob, scheduleName } from '../../contract/care/jobs';
import { allowMetrics } from '../functions/publish-metrics';

/** A function and the jobs that it does. */
interface Worker {
  readonly function: LambdaFunction;
  readonly jobs: readonly ScheduledJob[];
  /** Gets the event of a run that failed, as JSON: the function publishes it. Default: an alarm watches the function's errors. */
  readonly failures?: ITopic;
}

/** The jobs of an environment. */
export interface JobSchedulesProps {
  readonly environment: string;
  readonly workers: readonly Worker[];
  /** Hour (UTC) of the jobs that do not run in every hour. */
  readonly hour: number;
}

/** An event that waits longer than this is left out: the next run does its work. */
const LATEST = Duration.hours(1);

/** Calls each function for its jobs with `{"job": …}`, and lets it publish that a run succeeded. */
export class JobSchedules extends Construct {
  constructor(scope: Construct, id: string, { environment, workers, hour }: JobSchedulesProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: 'Lets the schedules call the functions of their jobs',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: workers.map((worker) => worker.function.functionArn),
      }),
    );
    for (const worker of workers) {
      allowMetrics(worker.function);
      callOnce(worker);
      for (const job of worker.jobs) this.schedule(environment, job, hour, worker.function, role);
    }
  }

  private schedule(environment: string, job: ScheduledJob, hour: number, worker: LambdaFunction, role: Role): void {
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

/** The schedule invokes asynchronously, and Lambda would repeat a failed run twice: it would notify three times. */
function callOnce({ function: worker, failures }: Worker): void {
  worker.configureAsyncInvoke({
    retryAttempts: 0,
    maxEventAge: LATEST,
    // The function may publish already; CDK's own destination would let it do so a second time, with more of the key.
    ...(failures && { onFailure: { bind: () => ({ destination: failures.topicArn }) } }),
  });
}
