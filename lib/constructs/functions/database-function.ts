import type { Duration } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
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
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge, LAMBDA_POLICY_RULES } from '../acknowledge';
import type { FunctionName } from './function-code';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from './function-defaults';

/** Network of the functions of an environment, and how they keep their logs. */
export interface FunctionPlacement extends FunctionLogs {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
}

/** A function that connects to the database. */
export interface DatabaseFunctionProps {
  readonly placement: FunctionPlacement;
  /** Its folder below lambda/. */
  readonly name: FunctionName;
  readonly description: string;
  /** Variables that the handler's env.ts reads: write `{…} satisfies XEnv`, so that a missing name does not compile. */
  readonly environment: Record<string, string>;
  readonly timeout: Duration;
  /** MiB. Default 256. */
  readonly memorySize?: number;
}

/** A Lambda function in the application subnets, with an encrypted log group. */
export class DatabaseFunction extends Construct implements IConnectable, IGrantable {
  readonly function: LambdaFunction;
  readonly connections: Connections;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: DatabaseFunctionProps) {
    super(scope, id);
    const { placement, name, description, environment, timeout, memorySize = 256 } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: placement.vpc,
      description: `Function ${name} of ${Stack.of(this).stackName}`,
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS services, through their endpoints');
    const defaults = functionDefaults(this, name, placement);
    this.function = new LambdaFunction(this, 'Resource', {
      ...defaults,
      description,
      vpc: placement.vpc,
      vpcSubnets: { subnets: placement.subnets },
      securityGroups: [securityGroup],
      timeout,
      memorySize,
      environment: { ...defaults.environment, ...environment },
    });
    this.connections = this.function.connections;
    this.grantPrincipal = this.function.grantPrincipal;
    acknowledgeFunction(this);
    acknowledge(
      this,
      [LAMBDA_POLICY_RULES.vpc],
      'the function joins the VPC, which the managed policy of Lambda allows',
    );
  }
}
