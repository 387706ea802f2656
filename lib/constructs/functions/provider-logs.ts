import { CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { FunctionLogs } from './function-defaults';

/**
 * Gives every function that CDK makes for its own custom resources a log group with the environment's retention and key, and lets it
 * write into that one only. CDK leaves the group to Lambda, which keeps it forever, and attaches a managed policy that allows all groups
 * of the account. Call it after everything else in the stack.
 */
export function ownProviderLogs(stack: Stack, { logsKey, logRetentionDays }: FunctionLogs): void {
  for (const handler of stack.node.findAll().filter(isProviderFunction)) {
    const provider = handler.node.scope;
    const role = provider?.node.tryFindChild('Role');
    if (!provider || !CfnResource.isCfnResource(role)) {
      throw new Error(`${handler.node.path} has no role beside it; find out how aws-cdk-lib makes it now`);
    }
    const logs = new LogGroup(provider, 'Logs', {
      retention: logRetentionDays,
      encryptionKey: logsKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    handler.addPropertyOverride('LoggingConfig', { LogGroup: logs.logGroupName });
    role.addPropertyDeletionOverride('ManagedPolicyArns');
    // After CDK's own policy, which may be absent.
    role.addPropertyOverride('Policies.1', {
      PolicyName: 'Logs',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logs.logGroupArn },
        ],
      },
    });
  }
}

/** Ours are of the class CfnFunction. */
function isProviderFunction(construct: unknown): construct is CfnResource {
  return (
    CfnResource.isCfnResource(construct) &&
    construct.cfnResourceType === 'AWS::Lambda::Function' &&
    !(construct instanceof CfnFunction)
  );
}
