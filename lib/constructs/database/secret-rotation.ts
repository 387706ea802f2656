import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Connections, type ISecurityGroup, type ISubnet, type IVpc, Port } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnApplication } from 'aws-cdk-lib/aws-sam';
import { type ISecret, SecretRotation, SecretRotationApplication } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { FunctionLogs } from '../functions/function-defaults';
import { EXCLUDED_CHARACTERS } from './database-secrets';
import { POSTGRES_PORT } from './database-server';

/** Where and how often secrets are rotated. */
export interface RotationSettings {
  readonly days: number;
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  /** Of the rotation functions; it may reach the primary and Secrets Manager. */
  readonly securityGroup: ISecurityGroup;
  readonly logs: FunctionLogs;
}

/**
 * Rotates a secret by its own user: alternating users would change the user name that the proxy knows
 * (https://github.com/aws/aws-cdk/issues/25568). Making the schedule logs in with the secret as a test (Secrets Manager API reference,
 * RotateSecret), so the user must exist by then, and the function must reach the primary.
 */
export function rotateSecret(
  scope: Construct,
  id: string,
  secret: ISecret,
  { days, vpc, subnets, securityGroup, logs }: RotationSettings,
): SecretRotation {
  const rotation = new SecretRotation(scope, id, {
    application: SecretRotationApplication.POSTGRES_ROTATION_SINGLE_USER,
    secret,
    // Without security groups, because CDK would open the servers once for each rotation and could not do it across stacks.
    target: { connections: new Connections({ securityGroups: [], defaultPort: Port.tcp(POSTGRES_PORT) }) },
    vpc,
    vpcSubnets: { subnets },
    securityGroup,
    automaticallyAfter: Duration.days(days),
    excludeCharacters: EXCLUDED_CHARACTERS,
    // The passwords are new; the first rotation is due when the interval has passed.
    rotateImmediatelyOnUpdate: false,
  });
  // Before the function: Lambda would make one that is kept forever.
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    logGroupName: `/aws/lambda/${rotationFunctionName(rotation)}`,
    retention: logs.logRetentionDays,
    encryptionKey: logs.logsKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  rotation.node.addDependency(logGroup);
  return rotation;
}

/**
 * Name of the function that rotates a secret. AWS's application (Serverless Application Repository) creates it in a nested stack, under the
 * name that CDK passes as a parameter.
 * @throws Error where CDK no longer passes it
 */
export function rotationFunctionName({ node }: SecretRotation): string {
  const { parameters } = node.defaultChild as CfnApplication;
  const { functionName } = (parameters ?? {}) as { readonly functionName?: string };
  if (!functionName) {
    throw new Error(
      `${node.path} passes no functionName to AWS's application for rotations, and its alarm would watch nothing; find the name in aws-cdk-lib's SecretRotation`,
    );
  }
  return functionName;
}
