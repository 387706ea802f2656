import { Match } from 'aws-cdk-lib/assertions';
import { production as configuration } from '../../../lib/config/production';
import { find as findIn, onlyOne, synthesize, synthesizeProductionWith, type Templates } from '../../support/synth';

let production: Templates;
beforeAll(() => {
  production = synthesize('production');
});

/** Properties of production's resources. */
const find = (type: string, properties: object = {}) => findIn(production.database, type, properties);

const replicas = () => find('AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: Match.anyValue() });

test('the replicas are two, in different zones, each with its own storage ceiling and protection', () => {
  expect(Object.values(replicas()).map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
    'us-east-1b',
    'us-east-1c',
  ]);
  for (const replica of Object.values(replicas())) {
    expect(replica).toMatchObject({
      DBInstanceClass: 'db.r6g.xlarge',
      MultiAZ: false,
      StorageType: 'gp3',
      MaxAllocatedStorage: 390,
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      AutoMinorVersionUpgrade: false,
      PubliclyAccessible: false,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    });
  }
});

test('the replicas state nothing that RDS refuses on a replica, nor a version while none is upgraded', () => {
  const refused = [
    'StorageEncrypted',
    'KmsKeyId',
    'BackupRetentionPeriod',
    'DatabaseInsightsMode',
    'EngineVersion',
    'EngineLifecycleSupport',
  ];
  for (const property of refused)
    for (const replica of Object.values(replicas())) expect(replica).not.toHaveProperty(property);
});

test('the replicas have a separate parameter group, with as many connections as the primary', () => {
  const [id] = Object.keys(find('AWS::RDS::DBParameterGroup', { Description: 'PostgreSQL 15 replicas of production' }));
  for (const replica of Object.values(replicas())) expect(replica['DBParameterGroupName']).toEqual({ Ref: id });
  const { Parameters } = onlyOne(
    find('AWS::RDS::DBParameterGroup', { Description: 'PostgreSQL 15 replicas of production' }),
  );
  expect(Parameters).toMatchObject({ max_connections: '200', hot_standby_feedback: '1' });
});

test('the replicas share one monitoring role and one subnet group with the primary', () => {
  const servers = Object.values(find('AWS::RDS::DBInstance'));
  expect(servers).toHaveLength(3);
  expect(new Set(servers.map(({ MonitoringRoleArn }) => JSON.stringify(MonitoringRoleArn))).size).toBe(1);
  expect(new Set(servers.map(({ DBSubnetGroupName }) => JSON.stringify(DBSubnetGroupName))).size).toBe(1);
});

describe('a minor upgrade in two deployments', () => {
  const inTemplate = (change: Parameters<typeof synthesizeProductionWith>[0]) => {
    const servers = Object.values(findIn(synthesizeProductionWith(change).database, 'AWS::RDS::DBInstance'));
    return servers.map(({ SourceDBInstanceIdentifier, EngineVersion }) => [
      SourceDBInstanceIdentifier === undefined ? 'primary' : 'replica',
      EngineVersion,
    ]);
  };

  test('first raises the replicas and leaves the primary', () => {
    const replicas = configuration.replicas?.map((replica) => ({ ...replica, engineVersion: '15.19' }));
    expect(inTemplate({ replicas })).toEqual([
      ['primary', '15.18'],
      ['replica', '15.19'],
      ['replica', '15.19'],
    ]);
  });

  test('then raises the primary, and the replicas state no version again', () => {
    expect(inTemplate({ database: { ...configuration.database, engineVersion: '15.19' } })).toEqual([
      ['primary', '15.19'],
      ['replica', undefined],
      ['replica', undefined],
    ]);
  });
});
