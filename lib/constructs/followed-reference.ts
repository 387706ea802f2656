import { createHash } from 'node:crypto';
import { Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * A short text that differs when one of the given properties of a resource differs: give it those whose change may replace the
 * resource.
 * @param scope in the stack of the resource
 * @returns 8 letters and digits
 */
export function identityOf(scope: Construct, properties: readonly unknown[]): string {
  const resolved = JSON.stringify(Stack.of(scope).resolve(properties.map((each) => each ?? null)));
  return createHash('sha256').update(resolved).digest('hex').slice(0, 8);
}

/**
 * A value of a resource as other stacks use it: its text in their templates changes with the resource's identity. References between
 * stacks are weak here. `Fn::GetStackOutput` is resolved when the stack that uses it is updated, and not again when the output changes
 * (CloudFormation template reference, "Fn::GetStackOutput"); the CLI skips a stack whose template did not change (deploy-stack in
 * aws-cdk). So after a replacement the user of a plain reference would stay on the deleted resource. `Fn::Sub` with one variable is
 * the variable's value, and the variable's name carries the identity.
 * @param name of the resource, in letters and digits
 */
export function followed(value: string, name: string, identity: string): string {
  const variable = `${name}${identity}`;
  return Fn.sub(`\${${variable}}`, { [variable]: value });
}
