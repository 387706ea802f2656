import { DescribeVpcsCommand, DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import { ListStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  type AccountQuota,
  DescribeAccountAttributesCommand,
  DescribeDBEngineVersionsCommand,
  DescribeDBProxiesCommand,
  DescribeOrderableDBInstanceOptionsCommand,
} from '@aws-sdk/client-rds';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
} from '@aws-sdk/client-service-quotas';
import { production } from '../../../lib/config/production';
import { cloudFormation, COMPLETE, ec2, goodAccount, offer, rds, serviceQuotas } from '../account';
import { lineOf, wantedOf } from '../run';

const RESTORED = {
  ...COMPLETE,
  drills: { instanceClass: 't4g.large' },
  backups: { ...production.backups, restoreTesting: { instanceClass: 'm6g.large' } },
};

beforeAll(() => {
  wantedOf(COMPLETE);
  wantedOf(RESTORED);
}, 240_000);
beforeEach(goodAccount);

const offers = (...OrderableDBInstanceOptions: ReturnType<typeof offer>[]) =>
  rds.on(DescribeOrderableDBInstanceOptionsCommand).resolves({ OrderableDBInstanceOptions });

describe('engine and classes', () => {
  test('a minor version that RDS does not offer is refused, with those that it does', async () => {
    rds.on(DescribeDBEngineVersionsCommand).resolves({
      DBEngineVersions: [
        { EngineVersion: '15.8', Status: 'available' },
        { EngineVersion: wantedOf(COMPLETE).config.database.engineVersion, Status: 'deprecated' },
      ],
    });
    const { engineVersion } = wantedOf(COMPLETE).config.database;
    expect(await lineOf(`PostgreSQL ${engineVersion} in us-east-1`)).toMatchObject({
      status: 'refused',
      found: `RDS does not offer ${engineVersion}`,
      allowed: '15.8',
    });
  });

  test('the class of the servers is orderable for all that use it', async () => {
    expect(await lineOf('db.r6g.xlarge in us-east-1')).toMatchObject({
      status: 'ok',
      found: 'orderable for: primary, replica, restore drill, restore test',
    });
    expect(await lineOf('db.r6g.xlarge in us-west-2')).toMatchObject({
      status: 'ok',
      found: 'orderable for: recovery',
    });
  });

  test.each([
    ['is not offered', [], /^RDS does not offer db.r6g.xlarge with PostgreSQL 15\.\d+; used by: primary/],
    ['has no gp3', [offer({ StorageType: 'io1' })], /primary: db.r6g.xlarge has no gp3 storage/],
    ['has no Multi-AZ', [offer({ MultiAZCapable: false })], /primary: db.r6g.xlarge with gp3 has no Multi-AZ/],
    ['has no replicas', [offer({ ReadReplicaCapable: false })], /replica: db.r6g.xlarge with gp3 has no read replicas/],
    ['is not in a zone', [offer({}, 'ac')], /primary: .* is not in us-east-1b; replica: .* is not in us-east-1b/],
    [
      'is in the zone with other storage only',
      [offer({ StorageType: 'io1' }), offer({}, 'bc')],
      /primary: .* is not in us-east-1a/,
    ],
  ])('a class that %s is refused', async (_, options, sentence) => {
    offers(...options);
    expect(await lineOf('db.r6g.xlarge in us-east-1')).toMatchObject({
      status: 'refused',
      found: expect.stringMatching(sentence) as string,
      allowed: expect.any(String) as string,
    });
  });

  test('the offers of one zone each are taken together', async () => {
    offers(offer({}, 'a'), offer({}, 'b'), offer({}, 'c'));
    expect(await lineOf('db.r6g.xlarge in us-east-1')).toMatchObject({ status: 'ok' });
  });
});

describe('classes of restored servers', () => {
  test.each([
    ['db.t4g.large', 'restore drill'],
    ['db.m6g.large', 'restore test'],
  ])('%s of the %s is asked for as well, without Multi-AZ', async (DBInstanceClass, use) => {
    rds
      .on(DescribeOrderableDBInstanceOptionsCommand, { DBInstanceClass })
      .resolves({ OrderableDBInstanceOptions: [offer({ DBInstanceClass, MultiAZCapable: false })] });
    expect(await lineOf(`${DBInstanceClass} in us-east-1`, RESTORED)).toMatchObject({
      status: 'ok',
      found: `orderable for: ${use}`,
    });
    rds.on(DescribeOrderableDBInstanceOptionsCommand, { DBInstanceClass }).resolves({ OrderableDBInstanceOptions: [] });
    expect(await lineOf(`${DBInstanceClass} in us-east-1`, RESTORED)).toMatchObject({ status: 'refused' });
  });
});

/** A quota of RDS's account attributes: the name of its line, and what production adds. */
const TOLD: [string, string, number][] = [
  // Three servers, a drill's and a restore test's.
  ['DB instances', 'DBInstances', 5],
  ['DB storage, GiB,', 'AllocatedStorage', 500],
  ['DB parameter groups', 'DBParameterGroups', 2],
  ['DB subnet groups', 'DBSubnetGroups', 1],
];

const told = (...AccountQuotas: AccountQuota[]) => rds.on(DescribeAccountAttributesCommand).resolves({ AccountQuotas });

describe('quotas', () => {
  test.each(TOLD)('%s: as many as are left are fine, one less is refused', async (name, AccountQuotaName, more) => {
    told({ AccountQuotaName, Used: 7, Max: 7 + more });
    expect(await lineOf(`quota of ${name} in us-east-1`)).toEqual({
      name: `quota of ${name} in us-east-1`,
      status: 'ok',
      found: `7 of ${7 + more} in use, and the environment adds ${more}`,
    });
    told({ AccountQuotaName, Used: 8, Max: 7 + more });
    expect(await lineOf(`quota of ${name} in us-east-1`)).toMatchObject({
      status: 'refused',
      found: `8 of ${7 + more} in use, and the environment adds ${more}`,
      action: expect.stringContaining(`at least ${8 + more}`) as string,
    });
  });

  test('a quota that RDS does not tell is not checked', async () => {
    told();
    expect(await lineOf('quota of DB instances in us-east-1')).toMatchObject({ status: 'not checked' });
  });
});

describe('quotas of Service Quotas', () => {
  test.each([
    ['RDS proxies', 'us-east-1', 1],
    ['VPCs', 'us-east-1', 1],
    ['VPCs', 'us-west-2', 1],
    ['interface endpoints of the VPC', 'us-east-1', 2],
  ])('%s in %s', async (name, region, more) => {
    rds.on(DescribeDBProxiesCommand).resolves({ DBProxies: [{ DBProxyName: 'another' }] });
    const used = name.includes('endpoints') ? 0 : 1;
    serviceQuotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: used + more } });
    expect(await lineOf(`quota of ${name} in ${region}`)).toMatchObject({ status: 'ok' });
    serviceQuotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: used + more - 1 } });
    expect(await lineOf(`quota of ${name} in ${region}`)).toMatchObject({
      status: 'refused',
      found: `${used} of ${used + more - 1} in use, and the environment adds ${more}`,
    });
  });

  test('VPCs of all pages count', async () => {
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{}, {}], NextToken: 'more' });
    ec2.on(DescribeVpcsCommand, { NextToken: 'more' }).resolves({ Vpcs: [{}, {}, {}] });
    serviceQuotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 5 } });
    expect(await lineOf('quota of VPCs in us-east-1')).toMatchObject({
      status: 'refused',
      found: '5 of 5 in use, and the environment adds 1',
    });
  });

  test('a quota that nobody changed has its default', async () => {
    const missing = new NoSuchResourceException({ message: 'The request failed', $metadata: {} });
    serviceQuotas.on(GetServiceQuotaCommand).rejects(missing);
    serviceQuotas.on(GetAWSDefaultServiceQuotaCommand).resolves({ Quota: { Value: 5 } });
    expect(await lineOf('quota of VPCs in us-east-1')).toMatchObject({
      status: 'ok',
      found: '1 of 5 in use, and the environment adds 1',
    });
    serviceQuotas.on(GetAWSDefaultServiceQuotaCommand).rejects(missing);
    expect(await lineOf('quota of VPCs in us-east-1')).toMatchObject({ status: 'not checked' });
  });
});

describe('what exists already', () => {
  test('the endpoints of an imported VPC count', async () => {
    const network = {
      kind: 'import' as const,
      vpcId: 'vpc-0123456789abcdef0',
      cidr: '10.0.0.0/16',
      availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      applicationSubnetIds: ['subnet-00000001', 'subnet-00000002', 'subnet-00000003'],
      databaseSubnetIds: ['subnet-00000004', 'subnet-00000005', 'subnet-00000006'],
    };
    ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: Array.from({ length: 19 }, () => ({})) });
    expect(
      await lineOf('quota of interface endpoints of the VPC in us-east-1', { ...COMPLETE, network }),
    ).toMatchObject({
      status: 'refused',
      found: '19 of 20 in use, and the environment adds 2',
    });
  }, 120_000);

  test('what is deployed already is not added once more', async () => {
    cloudFormation.on(DescribeStacksCommand, { StackName: 'production-Database' }).resolves({
      Stacks: [{ StackName: 'production-Database', CreationTime: new Date(0), StackStatus: 'UPDATE_COMPLETE' }],
    });
    cloudFormation.on(ListStackResourcesCommand).resolves({
      StackResourceSummaries: [1, 2, 3].map((number) => ({
        LogicalResourceId: `Server${number}`,
        PhysicalResourceId: `server-${number}`,
        ResourceType: 'AWS::RDS::DBInstance',
        LastUpdatedTimestamp: new Date(0),
        ResourceStatus: 'UPDATE_COMPLETE',
      })),
    });
    expect(await lineOf('quota of DB instances in us-east-1')).toMatchObject({
      found: '0 of 40 in use, and the environment adds 2',
    });
  });
});
