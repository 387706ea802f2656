import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FlowLogDestination, IpAddresses, type ISubnet, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ParameterGroup, SubnetGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { primaryParameters } from '../../config/postgres-parameters';
import { postgresEngine } from '../database/server-settings';

/** Network for restores in the recovery region. */
export interface RecoveryNetworkProps {
  readonly config: EnvironmentConfig;
  /** Encrypts the flow logs. */
  readonly logsKey: IKey;
}

/** The VPC is not connected to another network, so any range is possible. */
const CIDR = '10.255.0.0/24';

/**
 * Resources for a restore in the recovery region: isolated subnets, a security group without rules, a subnet group, and the primary's
 * parameters, because RDS would use its defaults. Apart from flow logs of an empty network it costs nothing until something is
 * restored: there are neither NAT gateways nor endpoints.
 */
export class RecoveryNetwork extends Construct {
  readonly vpc: Vpc;
  /** For restored servers. */
  readonly databaseSubnets: ISubnet[];
  /** For functions that check restored servers. */
  readonly applicationSubnets: ISubnet[];
  /** Security group of restored servers; without rules until a person or a construct adds some. */
  readonly securityGroup: SecurityGroup;
  readonly subnetGroup: SubnetGroup;
  readonly parameterGroup: ParameterGroup;
  /** The name of `parameterGroup` in AWS. */
  readonly parameterGroupName: string;

  constructor(scope: Construct, id: string, { config, logsKey }: RecoveryNetworkProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      natGateways: 0,
      subnetConfiguration: [
        { name: 'Application', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 27 },
        { name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 27 },
      ],
    });
    this.applicationSubnets = this.vpc.selectSubnets({ subnetGroupName: 'Application' }).subnets;
    this.databaseSubnets = this.vpc.selectSubnets({ subnetGroupName: 'Database' }).subnets;
    this.logFlows(config, logsKey);
    this.securityGroup = new SecurityGroup(this, 'ServerSecurityGroup', {
      vpc: this.vpc,
      description: `Restored servers of ${Stack.of(this).stackName}`,
      allowAllOutbound: false,
    });
    this.subnetGroup = new SubnetGroup(this, 'SubnetGroup', {
      vpc: this.vpc,
      vpcSubnets: { subnets: this.databaseSubnets },
      description: `Isolated subnets for restores of the ${config.name} database`,
    });
    this.parameterGroup = new ParameterGroup(this, 'Pg15', {
      engine: postgresEngine(config.database.engineVersion),
      description: `PostgreSQL 15 restored servers of ${config.name}`,
      parameters: primaryParameters(config),
    });
    this.parameterGroupName = this.parameterGroup.bindToInstance({}).parameterGroupName;
    this.outputs();
  }

  private logFlows({ logRetentionDays }: EnvironmentConfig, encryptionKey: IKey): void {
    this.vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLogs', {
          retention: logRetentionDays,
          encryptionKey,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
  }

  /** Names that a person needs for a restore by hand. */
  private outputs(): void {
    const outputs = {
      RecoverySubnetGroup: this.subnetGroup.subnetGroupName,
      RecoveryParameterGroup: this.parameterGroupName,
      RecoverySecurityGroup: this.securityGroup.securityGroupId,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value }).overrideLogicalId(name);
  }
}
