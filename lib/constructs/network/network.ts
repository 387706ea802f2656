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
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Annotations, Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, packRules } from '../acknowledge';
import { decidedByConfiguration, SERVER_REASONS } from '../reasons';

/** The network of one environment. */
export interface NetworkProps {
  readonly config: Pick<EnvironmentConfig, 'network' | 'logRetentionDays'>;
  /** Encrypts the flow logs. */
  readonly logsKey: IKey;
}

/** A service that has an endpoint in the VPC, and what may be called through it. */
interface Endpoint {
  readonly service: InterfaceVpcEndpointAwsService;
  readonly actions: readonly string[];
}

/**
 * Services that the private functions call. Each endpoint costs $7.30 a month per zone. The migrations and the rotations use Secrets
 * Manager, the collector uses CloudWatch; the Lambda service itself sends the logs. An application in the VPC that calls something else
 * there needs its action here.
 */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  SecretsManager: {
    service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    actions: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetRandomPassword',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
  },
  CloudWatch: {
    service: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
    actions: ['cloudwatch:PutMetricData'],
  },
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
  /** Where functions reach services of AWS: the endpoints' security group; without own endpoints anywhere, as through a NAT gateway. */
  readonly awsServices: IPeer;

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
      vpc.addFlowLog('FlowLog', {
        destination: FlowLogDestination.toCloudWatchLogs(
          new LogGroup(this, 'FlowLogs', {
            retention: config.logRetentionDays,
            encryptionKey: logsKey,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
      });
      acknowledge(vpc, ['CloudFormation-Validate::W3010'], SERVER_REASONS.zonesByName);
      for (const subnet of vpc.publicSubnets) {
        acknowledge(
          subnet,
          packRules('VPCNoUnrestrictedRouteToIGW'),
          decidedByConfiguration(
            'the configuration asks for public subnets, for a load balancer or NAT gateways; no server and no function is in them',
            'network.publicSubnets',
          ),
        );
      }
    }
    const endpoints = network.endpointZones > 0 && this.addEndpoints(network.cidr, network.endpointZones);
    this.secretsManager = endpoints || Peer.ipv4(network.cidr);
    this.awsServices = endpoints || Peer.anyIpv4();
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
    for (const [name, { service, actions }] of Object.entries(ENDPOINTS)) {
      const endpoint = new InterfaceVpcEndpoint(this, `${name}Endpoint`, {
        vpc: this.vpc,
        service,
        subnets: { subnets: this.applicationSubnets.slice(0, zones) },
        securityGroups: [securityGroup],
        open: false,
      });
      // Nobody can carry data out of the VPC with credentials of another account.
      endpoint.addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions: [...actions],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
        }),
      );
    }
    return securityGroup;
  }
}
