import { Aws, Stack } from 'aws-cdk-lib';
import {
  AmazonLinuxCpuType,
  BlockDeviceVolume,
  type CfnInstance,
  type Connections,
  EbsDeviceVolumeType,
  HttpTokens,
  type IConnectable,
  type IInstance,
  Instance,
  InstanceType,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISubnet,
  type IVpc,
  MachineImage,
  Peer,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, acknowledgeWildcards } from '../acknowledge';

/** The gateway of one environment. */
export interface SessionGatewayProps {
  readonly network: EnvironmentConfig['network'];
  readonly vpc: IVpc;
  /** Where it stands: no route leaves the VPC. */
  readonly subnet: ISubnet;
  /** Where its endpoints stand; in the same zone. */
  readonly endpointSubnet: ISubnet;
}

/** What Session Manager's agent calls; the message service has no resources in IAM (Service Authorization Reference, "ssmmessages"). */
const AGENT_ACTIONS = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/**
 * The agent of Amazon Linux 2023 needs no third endpoint, for ec2messages: from version 3.3.40 on it uses ssmmessages instead (Systems
 * Manager User Guide, "Creating VPC endpoints").
 */
const ENDPOINTS = {
  SystemsManager: InterfaceVpcEndpointAwsService.SSM,
  SessionMessages: InterfaceVpcEndpointAwsService.SSM_MESSAGES,
};

/**
 * A small instance that sessions of Systems Manager pass through on their way to the servers. It has no public address, no inbound rule, no
 * key and no other use: its agent opens the connection to Systems Manager. A deployment replaces it when Amazon Linux has a newer image: the
 * CLI deploys a stack with a parameter of Systems Manager even where its template is unchanged.
 *
 * EC2 Instance Connect Endpoint would need no instance, but it connects to ports 22 and 3389 only (EC2 User Guide, "Connect using EC2
 * Instance Connect Endpoint", limitations). A task of Fargate would need three more endpoints, to load its image and to log.
 */
export class SessionGateway extends Construct implements IConnectable {
  readonly instance: IInstance;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, { network, vpc, subnet, endpointSubnet }: SessionGatewayProps) {
    super(scope, id);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `Session gateway of ${Stack.of(this).stackName}`,
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.ipv4(network.cidr), Port.HTTPS, 'Systems Manager, through its endpoints');
    if (network.endpointZones > 0) this.addEndpoints(vpc, network.cidr, endpointSubnet);
    const instance = new Instance(this, 'Instance', {
      vpc,
      vpcSubnets: { subnets: [subnet] },
      securityGroup,
      instanceType: new InstanceType('t4g.nano'),
      machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
      role: this.role(),
      httpTokens: HttpTokens.REQUIRED,
      detailedMonitoring: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(8, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
        },
      ],
    });
    // The subnet has it.
    (instance.node.defaultChild as CfnInstance).addPropertyDeletionOverride('AvailabilityZone');
    this.instance = instance;
    this.connections = securityGroup.connections;
    acknowledge(instance, ['AwsSolutions-EC29'], {
      fact: 'the instance keeps nothing: a deployment replaces it for a newer image, which a protection against termination would refuse',
      check: 'the instance has one encrypted volume of the image, and ImageId is a parameter of Systems Manager',
      until: 'the rule asks only about instances that keep data',
    });
  }

  private role(): Role {
    const role = new Role(this, 'Role', {
      description: 'Lets the agent of the session gateway talk to Systems Manager, and nothing else',
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    new ManagedPolicy(this, 'Policy', {
      description: 'What the agent of Session Manager calls',
      statements: [new PolicyStatement({ actions: AGENT_ACTIONS, resources: ['*'] })],
      roles: [role],
    });
    acknowledgeWildcards(this, ['*']);
    return role;
  }

  /** For every principal of this account: their private names replace the public ones in the whole VPC. */
  private addEndpoints(vpc: IVpc, cidr: string, subnet: ISubnet): void {
    const securityGroup = new SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc,
      description: 'Endpoints of Systems Manager in this VPC',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.ipv4(cidr), Port.HTTPS, 'HTTPS from this VPC');
    for (const [name, service] of Object.entries(ENDPOINTS)) {
      const endpoint = new InterfaceVpcEndpoint(this, `${name}Endpoint`, {
        vpc,
        service,
        subnets: { subnets: [subnet] },
        securityGroups: [securityGroup],
        open: false,
      });
      endpoint.addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions: ['*'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
        }),
      );
    }
  }
}
