import { RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge } from '../acknowledge';
import { FUNCTION_REASONS } from '../reasons';
import { functionCode, type FunctionName } from './function-code';

/** How the functions of an environment keep their logs. */
export interface FunctionLogs {
  readonly logsKey: IKey;
  readonly logRetentionDays: EnvironmentConfig['logRetentionDays'];
}

/**
 * Properties that all functions share: code, runtime, an encrypted log group with the environment's retention, and a role that may write
 * into that log group. AWS's managed policy for Lambda would allow every log group of the account, another environment's among them.
 */
export function functionDefaults(
  scope: Construct,
  name: FunctionName,
  { logsKey, logRetentionDays }: FunctionLogs,
): Pick<FunctionProps, 'code' | 'handler' | 'runtime' | 'architecture' | 'environment' | 'logGroup' | 'role'> {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: logRetentionDays,
    encryptionKey: logsKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'ServiceRole', {
    description: `What the function ${name} may do`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  return {
    code: functionCode(name),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    environment: { POWERTOOLS_SERVICE_NAME: name, NODE_OPTIONS: '--enable-source-maps' },
    logGroup,
    role,
  };
}

/** Accepts the findings that all functions have. */
export function acknowledgeFunction(scope: Construct): void {
  acknowledge(
    scope,
    ['NIST.800.53.R5-LambdaConcurrency', 'HIPAA.Security-LambdaConcurrency'],
    FUNCTION_REASONS.concurrency,
  );
  acknowledge(scope, ['NIST.800.53.R5-LambdaDLQ', 'HIPAA.Security-LambdaDLQ'], FUNCTION_REASONS.deadLetterQueue);
}
