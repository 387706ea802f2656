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

/** What every function of this project has in common: code, runtime, and logs of its own, encrypted and kept as long as the environment says. */
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

/** Settles the findings that every function of this project has. */
export function acknowledgeFunction(scope: Construct): void {
  acknowledge(
    scope,
    [LAMBDA_POLICY_RULES.logs],
    'the function writes its log, which is what the policy of Lambda allows',
  );
  acknowledge(
    scope,
    INLINE_POLICY_RULES,
    'the policy is made with this function’s role, serves it alone and goes with it',
  );
  acknowledge(
    scope,
    ['NIST.800.53.R5-LambdaConcurrency', 'HIPAA.Security-LambdaConcurrency'],
    'nobody but its one schedule or deployment calls it; reserving concurrency fails in accounts with the initial quota of 10',
  );
  acknowledge(
    scope,
    ['NIST.800.53.R5-LambdaDLQ', 'HIPAA.Security-LambdaDLQ'],
    'a failed call is not kept: a deployment fails with it, and a late collection is worth nothing',
  );
}
