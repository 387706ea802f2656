import { Stack, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DRILL_KINDS, type DrillKind } from '../../contract/drill/kinds';
import { DRILL_CADENCE } from '../../contract/drill/cadence';
import type { DrillInput } from '../../contract/drill/state';

/** Scheduled drills of an environment. */
export interface DrillSchedulesProps {
  readonly environment: string;
  readonly stateMachine: StateMachine;
  /** Kinds of drill to schedule. Default: all. */
  readonly kinds?: readonly DrillKind[];
}

/** Starts the drills of an environment. A drill that fails to start is not repeated; the alert RestoreDrillOverdue covers it. */
export class DrillSchedules extends Construct {
  constructor(scope: Construct, id: string, { environment, stateMachine, kinds = DRILL_KINDS }: DrillSchedulesProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: `Lets the schedules start the restore drills of ${environment}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    for (const drill of kinds) {
      const input: DrillInput = { drill };
      new Schedule(this, drill, {
        description: `Restore drill of ${environment}: ${drill}`,
        schedule: ScheduleExpression.cron({ ...DRILL_CADENCE[drill].schedule, timeZone: TimeZone.ETC_UTC }),
        target: new StepFunctionsStartExecution(stateMachine, {
          role,
          input: ScheduleTargetInput.fromObject(input),
          retryAttempts: 2,
        }),
      });
    }
  }
}
