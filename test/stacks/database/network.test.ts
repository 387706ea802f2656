import { find, synthesize, synthesizeProductionWith } from '../../support/synth';

test('the network has three zones of private subnets, two endpoints in two zones each, and no NAT gateway', () => {
  const { network } = synthesize('production');
  network.resourceCountIs('AWS::EC2::Subnet', 6);
  network.resourceCountIs('AWS::EC2::NatGateway', 0);
  network.resourceCountIs('AWS::EC2::InternetGateway', 0);
  const endpoints = Object.values(find(network, 'AWS::EC2::VPCEndpoint'));
  expect(endpoints.map(({ ServiceName }) => ServiceName)).toEqual([
    'com.amazonaws.us-east-1.secretsmanager',
    'com.amazonaws.us-east-1.monitoring',
  ]);
  for (const { SubnetIds } of endpoints) expect(SubnetIds).toHaveLength(2);
  network.resourceCountIs('AWS::EC2::FlowLog', 1);
});

test('an imported VPC is used unchanged', () => {
  const { network } = synthesizeProductionWith({
    network: {
      kind: 'import',
      vpcId: 'vpc-0123456789abcdef0',
      cidr: '10.9.0.0/16',
      availabilityZones: ['us-east-1b', 'us-east-1c'],
      applicationSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      databaseSubnetIds: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
    },
  });
  network.resourceCountIs('AWS::EC2::VPC', 0);
  network.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
});
