import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { drillMachineName } from '../../contract/drill';

/**
 * ARN of an environment's state machine in the region of a construct. It is made from the name, for stacks that are deployed before
 * the drills.
 */
export function drillMachineArn(scope: IConstruct, environment: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: drillMachineName(environment),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
