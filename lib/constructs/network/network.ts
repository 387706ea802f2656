import {
  FlowLogDestination,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type IPeer,
  type ISubnet,
  type IVpc,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  type SubnetConfiguration,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, INLINE_POLICY_RULES, packRules } from '../acknowledge';

/** The network of one environment. */
export interface NetworkProps {
  readonly config: Pick<EnvironmentConfig, 'network' | 'logRetentionDays'>;
  /** Encrypts the flow logs. */
  readonly logsKey: IKey;
}

/**
 * Services that the private functions call. Each endpoint costs $7.30 a month per zone. The migrations and the rotations use Secrets
 * Manager, the collector uses CloudWatch; the Lambda service itself sends the logs.
 */
const ENDPOINTS = {
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  CloudWatch: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
};

/** A VPC, created here or imported, with private subnets for functions and isolated subnets for the database. */
export class Network extends Construct {
  readonly vpc: IVpc;
  /** For functions, and for applications. One in each zone. */
  readonly applicationSubnets: ISubnet[];
  /** For the database and its proxy: no route leaves the VPC. One in each zone. */
  readonly databaseSubnets: ISubnet[];
  /** Where Secrets Manager answers inside the VPC: the endpoints' security group; without own endpoints, the VPC's addresses. */
  readonly secretsManager: IPeer;

  constructor(scope: Construct, id: string, { config, logsKey }: NetworkProps) {
    super(scope, id);
    const { network } = config;
    if (network.kind === 'import') {
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
        vpcId: network.vpcId,
        vpcCidrBlock: network.cidr,
        availabilityZones: network.availabilityZones,
        privateSubnetIds: network.applicationSubnetIds,
        isolatedSubnetIds: network.databaseSubnetIds,
      });
      Annotations.of(this).acknowledgeWarning(
        '@aws-cdk/aws-ec2:noSubnetRouteTableId',
        'nothing here adds a route to a network that exists',
      );
      this.applicationSubnets = this.vpc.privateSubnets;
      this.databaseSubnets = this.vpc.isolatedSubnets;
    } else {
      const vpc = this.createVpc(network);
      this.vpc = vpc;
      this.applicationSubnets = vpc.selectSubnets({ subnetGroupName: 'Application' }).subnets;
      this.databaseSubnets = vpc.selectSubnets({ subnetGroupName: 'Database' }).subnets;
      const flowLog = vpc.addFlowLog('FlowLog', {
        destination: FlowLogDestination.toCloudWatchLogs(
          new LogGroup(this, 'FlowLogs', {
            retention: config.logRetentionDays,
            encryptionKey: logsKey,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
      });
      acknowledge(
        flowLog,
        INLINE_POLICY_RULES,
        'the policy is made with the flow log’s role, serves it alone and goes with it',
      );
      acknowledge(
        vpc,
        ['CloudFormation-Validate::W3010'],
        'the configuration names the zones, so that a synthesis does not ask the account',
      );
      for (const subnet of vpc.publicSubnets) {
        acknowledge(
          subnet,
          packRules('VPCNoUnrestrictedRouteToIGW'),
          'the configuration asks for public subnets, for a load balancer or NAT gateways; no server and no function is in them',
        );
      }
    }
    this.secretsManager =
      network.endpointZones > 0 ? this.addEndpoints(network.cidr, network.endpointZones) : Peer.ipv4(network.cidr);
  }

  private createVpc(network: Extract<EnvironmentConfig['network'], { kind: 'create' }>): Vpc {
    const applicationType = network.natGateways > 0 ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED;
    const publicSubnets: SubnetConfiguration = {
      name: 'Public',
      subnetType: SubnetType.PUBLIC,
      cidrMask: 24,
      mapPublicIpOnLaunch: false,
    };
    return new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(network.cidr),
      availabilityZones: network.availabilityZones,
      natGateways: network.natGateways,
      subnetConfiguration: [
        { name: 'Application', subnetType: applicationType },
        { name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 27 },
        ...(network.publicSubnets ? [publicSubnets] : []),
      ],
    });
  }

  private addEndpoints(cidr: string, zones: number): SecurityGroup {
    const securityGroup = new SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc: this.vpc,
      description: 'Endpoints of AWS services in this VPC',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.ipv4(cidr), Port.HTTPS, 'HTTPS from this VPC');
    for (const [name, service] of Object.entries(ENDPOINTS)) {
      new InterfaceVpcEndpoint(this, `${name}Endpoint`, {
        vpc: this.vpc,
        service,
        subnets: { subnets: this.applicationSubnets.slice(0, zones) },
        securityGroups: [securityGroup],
        open: false,
      });
    }
    return securityGroup;
  }
}
