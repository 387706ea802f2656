import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { drillMachineName, recoveryMachineName } from '../../contract/drill/kinds';

/**
 * ARN of the state machine of an environment's drills in the region of a construct. It is made from the name, for stacks that are deployed
 * before the drills.
 */
export function drillMachineArn(scope: IConstruct, environment: string): string {
  return machineArn(scope, drillMachineName(environment));
}

/** The same of the state machine that recovers a table. */
export function recoveryMachineArn(scope: IConstruct, environment: string): string {
  return machineArn(scope, recoveryMachineName(environment));
}

function machineArn(scope: IConstruct, resourceName: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
