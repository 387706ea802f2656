import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type Connections,
  type IConnectable,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema';
import { acknowledge, INLINE_POLICY_RULES, LAMBDA_POLICY_RULES } from './acknowledge';
import { functionCode, type FunctionName } from './function-code';

/** Where the functions of an environment run. */
export interface FunctionPlace {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly logsKey: IKey;
  readonly logRetentionDays: EnvironmentConfig['logRetentionDays'];
}

/** A function that talks to the database. */
export interface DatabaseFunctionProps {
  readonly place: FunctionPlace;
  /** Its folder below lambda/. */
  readonly name: FunctionName;
  readonly description: string;
  /** What the handler's env.ts reads: write `{…} satisfies XEnv`, so that a missing name does not compile. */
  readonly environment: Record<string, string>;
  readonly timeout: Duration;
  /** MiB. Default 256. */
  readonly memorySize?: number;
}

/** A Lambda function in the application subnets with logs of its own, encrypted and kept as long as the environment says. */
export class DatabaseFunction extends Construct implements IConnectable, IGrantable {
  readonly function: LambdaFunction;
  readonly connections: Connections;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: DatabaseFunctionProps) {
    super(scope, id);
    const { place, name, description, environment, timeout, memorySize = 256 } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: place.vpc,
      description: `Function ${name} of ${Stack.of(this).stackName}`,
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS services, through their endpoints');
    this.function = new LambdaFunction(this, 'Resource', {
      description,
      code: functionCode(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      vpc: place.vpc,
      vpcSubnets: { subnets: place.subnets },
      securityGroups: [securityGroup],
      timeout,
      memorySize,
      environment: { POWERTOOLS_SERVICE_NAME: name, NODE_OPTIONS: '--enable-source-maps', ...environment },
      logGroup: new LogGroup(this, 'Logs', {
        retention: place.logRetentionDays,
        encryptionKey: place.logsKey,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    this.connections = this.function.connections;
    this.grantPrincipal = this.function.grantPrincipal;
    this.acknowledgeFindings();
  }

  private acknowledgeFindings(): void {
    acknowledge(
      this,
      [LAMBDA_POLICY_RULES.logs, LAMBDA_POLICY_RULES.vpc],
      'the function writes its log and joins the VPC, which is what the two policies of Lambda allow',
    );
    acknowledge(
      this,
      INLINE_POLICY_RULES,
      'the policy is made with this function’s role, serves it alone and goes with it',
    );
    acknowledge(
      this,
      ['NIST.800.53.R5-LambdaConcurrency', 'HIPAA.Security-LambdaConcurrency'],
      'nobody but its one schedule or deployment calls it; reserving concurrency fails in accounts with the initial quota of 10',
    );
    acknowledge(
      this,
      ['NIST.800.53.R5-LambdaDLQ', 'HIPAA.Security-LambdaDLQ'],
      'a failed call is not kept: a deployment fails with it, and a late collection is worth nothing',
    );
  }
}
