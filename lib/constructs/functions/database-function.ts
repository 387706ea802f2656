import { Aws, type Duration, Stack } from 'aws-cdk-lib';
import {
  type Connections,
  type IConnectable,
  type IPeer,
  type ISubnet,
  type IVpc,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { Effect, type IGrantable, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledge';
import type { FunctionName } from './function-code';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from './function-defaults';

/** Network of the functions of an environment, and how they keep their logs. */
export interface FunctionPlacement extends FunctionLogs {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  /** Where services of AWS answer. Default: the functions reach none, and need none. */
  readonly awsServices?: IPeer;
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

/**
 * What Lambda does with the role of a function to put it into a VPC. It needs all resources for them, and AWS recommends to deny them to the
 * function's code, whose calls alone carry lambda:SourceFunctionArn (Lambda Developer Guide, "Giving Lambda functions access to resources
 * in an Amazon VPC").
 */
const NETWORK_INTERFACES = {
  change: [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:UnassignPrivateIpAddresses',
  ],
  read: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
};

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
    if (placement.awsServices) securityGroup.addEgressRule(placement.awsServices, Port.HTTPS, 'AWS services');
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
    this.joinVpc();
  }

  /** Lambda makes and deletes the function's network interfaces with its role; the code of the function may not (NETWORK_INTERFACES). */
  private joinVpc(): void {
    const { partition, region } = Stack.of(this);
    // The types that creating an interface is authorized on; the other actions need the first one only.
    const interfaces = ['network-interface', 'security-group', 'subnet'].map(
      (type) => `arn:${partition}:ec2:${region}:${Aws.ACCOUNT_ID}:${type}/*`,
    );
    const statements = [
      new PolicyStatement({ actions: NETWORK_INTERFACES.change, resources: interfaces }),
      new PolicyStatement({ actions: NETWORK_INTERFACES.read, resources: ['*'] }),
      new PolicyStatement({
        sid: 'NotTheCode',
        effect: Effect.DENY,
        actions: [...NETWORK_INTERFACES.change, ...NETWORK_INTERFACES.read],
        resources: ['*'],
        conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
      }),
    ];
    for (const statement of statements) this.function.addToRolePolicy(statement);
    acknowledgeWildcards(this, ['*', ...interfaces]);
  }
}
