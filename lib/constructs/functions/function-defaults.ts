import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, INLINE_POLICY_RULES, LAMBDA_POLICY_RULES } from '../acknowledge';
import { functionCode, type FunctionName } from './function-code';

/** How the functions of an environment keep their logs. */
export interface FunctionLogs {
  readonly logsKey: IKey;
  readonly logRetentionDays: EnvironmentConfig['logRetentionDays'];
}

/** Properties that all functions share: code, runtime, and an encrypted log group with the environment's retention. */
export function functionDefaults(
  scope: Construct,
  name: FunctionName,
  { logsKey, logRetentionDays }: FunctionLogs,
): Pick<FunctionProps, 'code' | 'handler' | 'runtime' | 'architecture' | 'environment' | 'logGroup'> {
  return {
    code: functionCode(name),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    environment: { POWERTOOLS_SERVICE_NAME: name, NODE_OPTIONS: '--enable-source-maps' },
    logGroup: new LogGroup(scope, 'Logs', {
      retention: logRetentionDays,
      encryptionKey: logsKey,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  };
}

/** Accepts the findings that all functions have. */
export function acknowledgeFunction(scope: Construct): void {
  acknowledge(
    scope,
    [LAMBDA_POLICY_RULES.logs],
    'the function writes its log, which the managed policy of Lambda allows',
  );
  acknowledge(
    scope,
    INLINE_POLICY_RULES,
    'the policy is made with this function’s role, serves it alone and goes with it',
  );
  acknowledge(
    scope,
    ['NIST.800.53.R5-LambdaConcurrency', 'HIPAA.Security-LambdaConcurrency'],
    'only its schedule or a deployment calls it; reserving concurrency fails in accounts with the initial quota of 10',
  );
  acknowledge(
    scope,
    ['NIST.800.53.R5-LambdaDLQ', 'HIPAA.Security-LambdaDLQ'],
    'a failed call is not kept: it fails the deployment, and a late collection is useless',
  );
}
