import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
  JsonPath,
  LogLevel,
  Pass,
  StateMachine,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { type DrillPurpose, drillMachineName, recoveryMachineName } from '../../contract/drill/kinds';
import type { CheckStep, DrillStep, StepErrorName } from '../../contract/drill/state';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { type DrillMachineCalls, drillMachineRole } from './drill-machine-role';

/** A state machine that restores an instance. */
export interface DrillMachineProps extends DrillMachineCalls {
  readonly environment: string;
  readonly purpose: DrillPurpose;
  readonly logRetentionDays: EnvironmentConfig['logRetentionDays'];
}

/**
 * Last resort; it skips the cleanup. Every wait of the machine times out earlier. The next drill deletes an instance that is left over
 * (LEFTOVER_HOURS in lambda/drill/instances.ts is longer).
 */
const MACHINE_TIMEOUT = Duration.hours(10);
/** Interval between two calls to RDS, also the resolution of the measured restore time. */
const POLL = WaitTime.duration(Duration.seconds(30));
const TRANSIENT: StepErrorName = 'Transient';
const NOT_CONNECTED: StepErrorName = 'NotConnected';
/** Temporary faults of Lambda. */
const LAMBDA_FAULTS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/**
 * choose a target → restore → wait → connect → validate → sweep copies → recover a table, if there is one → measure → delete, also
 * after a failure → wait until it is deleted → delete leftovers → notify. After every failure the instance is deleted and the notification
 * says why.
 */
export class DrillMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DrillMachineProps,
  ) {
    super(scope, id);
    const { environment, purpose, logsKey, logRetentionDays } = props;
    const isDrill = purpose === 'drill';
    const name = isDrill ? drillMachineName(environment) : recoveryMachineName(environment);
    const cleanUp = this.cleanUp();
    const definition = new Pass(this, 'KeepInput', { parameters: { input: JsonPath.entirePayload } }).next(
      this.recovery(cleanUp),
    );
    const role = drillMachineRole(this, props);
    this.stateMachine = new StateMachine(this, 'Resource', {
      // CDK would allow all versions of the functions.
      role: role.withoutPolicyUpdates(),
      stateMachineName: name,
      comment: isDrill
        ? `Restores the ${environment} database, checks that the restored instance is complete, measures and deletes it`
        : `Restores the ${environment} database and copies one table of it into the primary; a recovery document starts it`,
      definitionBody: DefinitionBody.fromChainable(definition),
      timeout: MACHINE_TIMEOUT,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // Under this prefix the policy of CloudWatch Logs does not grow with each machine (Step Functions Developer Guide, "Logging").
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: logRetentionDays,
          encryptionKey: logsKey,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
    this.stateMachine.node.addDependency(role);
  }

  /** States from the choice of a target to the measurements. Any failure continues with `cleanUp`. Returns the first state. */
  private recovery(cleanUp: LambdaInvoke): LambdaInvoke {
    const [chooseTarget, restore, describe, measure] = [
      this.drill('ChooseTarget', 'choose-target', '$.target'),
      this.drill('Restore', 'restore', JsonPath.DISCARD),
      this.drill('DescribeInstance', 'describe', '$.instance'),
      this.drill('Measure', 'measure', '$.measured'),
    ];
    const [connect, validate] = [
      this.check('Connect', 'connect', '$.connection'),
      this.check('Validate', 'validate', '$.validation'),
    ];
    const copies = this.copies(measure);
    // Ten minutes: IAM authentication starts to work some time after RDS reports the instance available.
    connect.addRetry({ errors: [NOT_CONNECTED], interval: Duration.seconds(15), backoffRate: 1, maxAttempts: 40 });
    for (const task of [chooseTarget, restore, describe, connect, validate, ...copies.tasks, measure]) {
      task.addCatch(cleanUp, { resultPath: '$.failure' });
    }
    const wait = new Wait(this, 'WaitForInstance', { time: POLL });
    measure.next(cleanUp);
    connect.next(validate).next(copies.first);
    const ready = new Choice(this, 'InstanceReady')
      .when(Condition.booleanEquals('$.instance.ready', true), connect)
      .otherwise(wait);
    wait.next(describe).next(ready);
    chooseTarget.next(restore).next(wait);
    return chooseTarget;
  }

  /** States that sweep and make copies of tables in the source, before `next`. */
  private copies(next: LambdaInvoke): { readonly first: IChainable; readonly tasks: readonly LambdaInvoke[] } {
    const { copy } = this.props;
    if (!copy) return { first: next, tasks: [] };
    const sweepCopies = this.task('SweepCopies', 'sweep-copies', '$.sweptCopies', copy, Duration.minutes(16));
    const recoverTable = this.task('RecoverTable', 'recover', '$.recovery', copy, Duration.minutes(16));
    const tableWanted = new Choice(this, 'TableWanted')
      .when(Condition.isPresent('$.target.table'), recoverTable.next(next))
      .otherwise(next);
    sweepCopies.next(tableWanted);
    return { first: sweepCopies, tasks: [sweepCopies, recoverTable] };
  }

  /** States from the deletion to the end. Returns the first one. */
  private cleanUp(): LambdaInvoke {
    const [deletion, describe, sweep, summarize] = [
      this.drill('Delete', 'delete', '$.deletion'),
      this.drill('DescribeDeletion', 'describe-deleted', '$.deleted'),
      this.drill('SweepLeftovers', 'sweep', '$.swept'),
      this.drill('Summarize', 'summarize', '$.summary'),
    ];
    // About an hour: RDS refuses to delete an instance that is being created or modified.
    deletion.addRetry({
      errors: ['States.ALL'],
      interval: Duration.seconds(30),
      backoffRate: 1.5,
      maxDelay: Duration.minutes(5),
      maxAttempts: 15,
    });
    deletion.addCatch(sweep, { resultPath: '$.cleanupFailure' });
    describe.addCatch(sweep, { resultPath: '$.cleanupFailure' });
    sweep.addCatch(summarize, { resultPath: '$.sweepFailure' });
    const wait = new Wait(this, 'WaitForDeletion', { time: POLL });
    const deleted = new Choice(this, 'InstanceGone')
      .when(Condition.booleanEquals('$.deleted.gone', true), sweep)
      .otherwise(wait);
    deletion.next(wait).next(describe).next(deleted);
    sweep.next(summarize);
    summarize.next(this.end());
    return deletion;
  }

  /** Notifies people, then succeeds or fails like the drill: the alarm reads the metrics of Step Functions. */
  private end(): Choice {
    const { topics } = this.props;
    const notNotified = new Fail(this, 'NobodyTold', {
      error: 'NotificationFailed',
      cause: 'SNS refused the notification of the drill; its summary is in the input of the previous state',
    });
    const notify = (id: string, topic: ITopic) =>
      new SnsPublish(this, id, {
        topic,
        subject: JsonPath.stringAt('$.summary.subject'),
        message: TaskInput.fromObject({
          default: JsonPath.stringAt('$.summary.message.default'),
          https: JsonPath.stringAt('$.summary.message.https'),
        }),
        messagePerSubscriptionType: true,
        resultPath: JsonPath.DISCARD,
        taskTimeout: Timeout.duration(Duration.minutes(1)),
      })
        .addRetry({ errors: ['States.ALL'], interval: Duration.seconds(10), backoffRate: 2, maxAttempts: 5 })
        .addCatch(notNotified, { resultPath: '$.notificationFailure' });
    const failed = new Fail(this, 'Failed', {
      error: this.props.purpose === 'drill' ? 'RestoreDrillFailed' : 'TableRecoveryFailed',
      causePath: JsonPath.stringAt('$.summary.message.default'),
    });
    return new Choice(this, 'HowItEnded')
      .when(Condition.booleanEquals('$.summary.failed', true), notify('TellFailure', topics.failed).next(failed))
      .otherwise(notify('TellSuccess', topics.succeeded).next(new Succeed(this, 'Succeeded')));
  }

  private drill(id: string, step: DrillStep, resultPath: string): LambdaInvoke {
    return this.task(id, step, resultPath, this.props.drill, Duration.minutes(2));
  }

  private check(id: string, step: CheckStep, resultPath: string): LambdaInvoke {
    return this.task(id, step, resultPath, this.props.check, Duration.minutes(16));
  }

  private task(
    id: string,
    step: DrillStep | CheckStep,
    resultPath: string,
    lambda: IFunction,
    timeout: Duration,
  ): LambdaInvoke {
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: lambda,
      payload: TaskInput.fromObject({
        step,
        purpose: this.props.purpose,
        execution: JsonPath.executionName,
        startedAt: JsonPath.executionStartTime,
        state: JsonPath.entirePayload,
      }),
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
      resultPath,
      taskTimeout: Timeout.duration(timeout),
    });
    task.addRetry({
      errors: [TRANSIENT, ...LAMBDA_FAULTS],
      interval: Duration.seconds(5),
      backoffRate: 2,
      maxAttempts: 6,
    });
    return task;
  }
}
