import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Name of an environment's state machine: people start it by hand, and alarms of another stack watch it. */
export function drillMachineName(environment: string): string {
  return `${environment}-restore-drill`;
}

/** ARN of the state machine in the region of a construct. */
export function drillMachineArn(scope: IConstruct, environment: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: drillMachineName(environment),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
