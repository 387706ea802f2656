import { Stack, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type CronOptionsWithTimezone,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DRILL_KINDS, type DrillKind } from '../../contract/drill';
import type { DrillInput } from '../../contract/drill-state';
import { acknowledge, INLINE_POLICY_RULES } from '../acknowledge';

/** When drills run by themselves. */
export interface DrillSchedulesProps {
  readonly environment: string;
  readonly stateMachine: StateMachine;
  /** Table that drills other than a verification recover. Default: none. */
  readonly table?: string;
  /** Default: all. */
  readonly kinds?: readonly DrillKind[];
}

/**
 * As the owner's calendar has them, UTC: verification on Sundays at 03:00, point in time each month, in full each quarter. Apart
 * from each other and from the nightly backup, so that one drill is measured at a time.
 */
const WHEN: Readonly<Record<DrillKind, CronOptionsWithTimezone>> = {
  verification: { weekDay: 'SUN', hour: '3', minute: '0' },
  pointInTime: { day: '2', hour: '7', minute: '0' },
  full: { month: '1,4,7,10', day: '3', hour: '12', minute: '0' },
};

/** Starts the drills of an environment. One that is not started is not repeated: the inspector tells of a drill that is overdue. */
export class DrillSchedules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { environment, stateMachine, table, kinds = DRILL_KINDS }: DrillSchedulesProps,
  ) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: `Lets the schedules start the restore drills of ${environment}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    acknowledge(
      role,
      INLINE_POLICY_RULES,
      'the policy is made with the schedules’ role, serves it alone and goes with it',
    );
    for (const drill of kinds) {
      const input: DrillInput = drill === 'verification' || table === undefined ? { drill } : { drill, table };
      new Schedule(this, drill, {
        description: `Restore drill of ${environment}: ${drill}`,
        schedule: ScheduleExpression.cron({ ...WHEN[drill], timeZone: TimeZone.ETC_UTC }),
        target: new StepFunctionsStartExecution(stateMachine, {
          role,
          input: ScheduleTargetInput.fromObject(input),
          retryAttempts: 2,
        }),
      });
    }
  }
}
