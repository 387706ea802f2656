import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { loadEnvironment } from '../../../lib/config';
import { production as file } from '../../../lib/config/production';
import { Cache } from '../../../lib/constructs/cache/cache';
import { ServiceKey } from '../../../lib/constructs/service-key';
import { testApp } from '../../support/app';
import { StackGraph } from '../../support/stack-graph';
import { find, onlyOne, type Properties, synthesize, synthesizeProductionWith } from '../../support/synth';

const GROUP = 'AWS::ElastiCache::ReplicationGroup';
const production = () => synthesize('production').cache;
const changed = (cache: object) => synthesizeProductionWith({ cache: { nodeType: 'r6g.large', ...cache } }).cache;

test('production has one encrypted node of the owner’s class, in the subnets of the database', () => {
  const template = production();
  const cache = onlyOne(find(template, GROUP));
  expect(cache).toMatchObject({
    Engine: 'valkey',
    CacheNodeType: 'cache.r6g.large',
    NumCacheClusters: 1,
    AutomaticFailoverEnabled: false,
    MultiAZEnabled: false,
    AtRestEncryptionEnabled: true,
    TransitEncryptionEnabled: true,
    TransitEncryptionMode: 'required',
    SnapshotRetentionLimit: 15,
    SnapshotWindow: '03:00-04:00',
    PreferredMaintenanceWindow: 'sun:05:30-sun:06:30',
  });
  const [key] = Object.keys(find(template, 'AWS::KMS::Key'));
  expect(cache['KmsKeyId']).toEqual({ 'Fn::GetAtt': [key, 'Arn'] });
  const graph = new StackGraph('production');
  const [subnets] = graph.ofType('AWS::ElastiCache::SubnetGroup');
  const servers = graph.ofType('AWS::RDS::DBSubnetGroup').find(({ stack }) => stack === 'Database');
  const idsOf = ({ stack, properties }: { stack: string; properties: Properties }) =>
    graph.referred(stack, properties['SubnetIds']).map(({ id }) => id);
  expect(idsOf(subnets!)).toHaveLength(3);
  expect(idsOf(subnets!)).toEqual(idsOf(servers!));
});

test('a deletion of a protected cache leaves a snapshot, one without protection nothing', () => {
  const policies = (template: Template) =>
    Object.values(template.findResources(GROUP)).map(({ DeletionPolicy, UpdateReplacePolicy }) => [
      DeletionPolicy as unknown,
      UpdateReplacePolicy as unknown,
    ]);
  expect(policies(production())).toEqual([['Snapshot', 'Snapshot']]);
  const deletionProtection = { enabled: false as const, reason: 'a test of an environment without it' };
  const database = { ...file.database, deletionProtection };
  expect(policies(synthesizeProductionWith({ database, cache: { nodeType: 't4g.small' } }).cache)).toEqual([
    ['Delete', 'Delete'],
  ]);
});

test('only the application’s user logs in, with a password that is in no template', () => {
  const template = production();
  const users = Object.values(find(template, 'AWS::ElastiCache::User'));
  const logIns = users.map(({ UserName, AccessString }) => [UserName, String(AccessString).split(' ')[0]]);
  expect(logIns).toEqual([
    ['app_user', 'on'],
    ['default', 'off'],
  ]);
  for (const { AuthenticationMode } of users) {
    const { Type, Passwords } = AuthenticationMode as { Type: string; Passwords: unknown[] };
    expect(Type).toBe('password');
    expect(JSON.stringify(Passwords)).toMatch(/^\[\{"Fn::Join":\["",\["\{\{resolve:secretsmanager:",\{"Ref":"\w+"\}/);
  }
  const cache = onlyOne(find(template, GROUP));
  expect(cache['UserGroupIds']).toEqual([{ Ref: Object.keys(find(template, 'AWS::ElastiCache::UserGroup'))[0] }]);
  expect(cache).not.toHaveProperty('AuthToken');
  const secret = onlyOne(find(template, 'AWS::SecretsManager::Secret'));
  expect(secret).toMatchObject({
    KmsKeyId: { 'Fn::GetAtt': [Object.keys(find(template, 'AWS::KMS::Key'))[0], 'Arn'] },
  });
});

test('nothing but the group of its clients reaches the cache', () => {
  const template = production();
  const [group] = onlyOne(find(template, GROUP))['SecurityGroupIds'] as [{ 'Fn::GetAtt': [string] }];
  const groups = find(template, 'AWS::EC2::SecurityGroup');
  const clients = Object.keys(groups).find((id) => id !== group['Fn::GetAtt'][0])!;
  expect(groups[group['Fn::GetAtt'][0]]).not.toHaveProperty('SecurityGroupIngress');
  expect(Object.values(find(template, 'AWS::EC2::SecurityGroupIngress'))).toEqual([
    expect.objectContaining({
      GroupId: group,
      FromPort: 6379,
      ToPort: 6379,
      SourceSecurityGroupId: { 'Fn::GetAtt': [clients, 'GroupId'] },
    }),
  ]);
});

test('its addresses, its secret and the group of its clients are published', () => {
  const names = (template: Template) =>
    Object.values(find(template, 'AWS::SSM::Parameter')).map(({ Name }) => String(Name).split('/cache/')[1]);
  expect(names(production())).toEqual(['primary', 'secret', 'client-security-group']);
  expect(names(changed({ nodes: 2 }))).toEqual(['primary', 'reader', 'secret', 'client-security-group']);
});

test('two nodes are in two zones and fail over', () => {
  expect(onlyOne(find(changed({ nodes: 2 }), GROUP))).toMatchObject({
    NumCacheClusters: 2,
    AutomaticFailoverEnabled: true,
    MultiAZEnabled: true,
  });
});

test('slow commands, which quote customers’ data, are logged only where the configuration gives a reason', () => {
  const logsOf = (template: Template) => {
    const deliveries = onlyOne(find(template, GROUP))['LogDeliveryConfigurations'] as { LogType: string }[];
    const parameters = onlyOne(find(template, 'AWS::ElastiCache::ParameterGroup'))['Properties'] as Properties;
    return [deliveries.map(({ LogType }) => LogType), parameters['slowlog-log-slower-than']];
  };
  expect(logsOf(production())).toEqual([['engine-log'], undefined]);
  const slowLog = { reason: 'orders of a morning are slow', slowerThanMs: 20 };
  expect(logsOf(changed({ slowLog }))).toEqual([['engine-log', 'slow-log'], '20000']);
});

test('its logs have a group with a retention and a key, which is there first', () => {
  const graph = new StackGraph('production');
  const [cache] = graph.ofType(GROUP);
  const groups = graph.ofType('AWS::Logs::LogGroup').filter(({ stack }) => stack === cache!.stack);
  expect(groups).toHaveLength(1);
  expect(groups[0]!.properties).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() as unknown });
  expect(graph.before(cache!).has(groups[0]!)).toBe(true);
});

test('a workload of this app may read the secret, and reaches the cache', () => {
  const stack = new Stack(testApp(), 'Test');
  const vpc = new Vpc(stack, 'Vpc');
  const { key } = new ServiceKey(stack, 'Key', { description: 'a test' });
  const cache = new Cache(stack, 'Cache', {
    config: loadEnvironment('production'),
    settings: loadEnvironment('production').cache!,
    vpc,
    subnets: vpc.privateSubnets,
    key,
    logsKey: key,
  });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  const { connections } = new SecurityGroup(stack, 'Tasks', { vpc, allowAllOutbound: false });
  cache.grantConnect({ grantPrincipal: role, connections });
  const template = Template.fromStack(stack);
  const policy = JSON.stringify(onlyOne(find(template, 'AWS::IAM::Policy')));
  expect(policy).toContain('secretsmanager:GetSecretValue');
  expect(policy).toContain('kms:ViaService');
  const ingress = Object.values(find(template, 'AWS::EC2::SecurityGroupIngress'));
  expect(ingress.map(({ FromPort }) => FromPort)).toEqual([6379, 6379]);
});
