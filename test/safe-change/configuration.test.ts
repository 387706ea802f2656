import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import { judgedRecords, judged, productionWith, templatesOf } from './states';

const before = templatesOf('production');

/** Real changes of lib/config/production.ts, and what of it is refused: type and property, each once. */
const REFUSED: readonly [string, Partial<EnvironmentInput>, readonly string[]][] = [
  [
    'database.databaseName',
    { database: { ...production.database, databaseName: 'salons' } },
    // The secrets name the database.
    ['AWS::RDS::DBInstance DBName', 'AWS::SecretsManager::Secret GenerateSecretString'],
  ],
  [
    'network.cidr',
    { network: { kind: 'create', cidr: '10.9.0.0/16', availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'] } },
    ['AWS::EC2::VPC CidrBlock'],
  ],
  [
    'a replica less, another zone, deletion protection off, a shorter log',
    {
      replicas: [{ availabilityZone: 'us-east-1a' }],
      database: { ...production.database, deletionProtection: { enabled: false, reason: 'the test deletes it' } },
      ownAccount: { enabled: false, reason: 'the account is not chosen yet' },
      logRetentionDays: 180,
    },
    [
      'AWS::Backup::BackupVault AccessPolicy',
      'AWS::ElastiCache::ReplicationGroup DeletionPolicy',
      'AWS::ElastiCache::ReplicationGroup UpdateReplacePolicy',
      'AWS::Logs::LogGroup LogGroupName',
      'AWS::Logs::LogGroup RetentionInDays',
      'AWS::Logs::LogGroup undefined',
      'AWS::RDS::DBInstance AvailabilityZone',
      'AWS::RDS::DBInstance DBInstanceIdentifier',
      'AWS::RDS::DBInstance DeleteAutomatedBackups',
      'AWS::RDS::DBInstance DeletionPolicy',
      'AWS::RDS::DBInstance DeletionProtection',
      'AWS::RDS::DBInstance UpdateReplacePolicy',
      'AWS::RDS::DBInstance undefined',
    ],
  ],
];

test.each(REFUSED)('%s is refused', (_, change, expected) => {
  const after = productionWith(change);
  const refused = judgedRecords(before, after).filter(({ verdict }) => verdict === 'refused');
  expect([...new Set(refused.map(({ type, property }) => `${type} ${property}`))].sort()).toEqual(expected);
  for (const { lost, wayOut } of refused) expect([lost, wayOut]).toEqual([expect.any(String), expect.any(String)]);
});

test('class, storage, standby, window, a third replica, tags, thresholds, addresses and longer logs pass together', () => {
  const after = productionWith({
    database: {
      ...production.database,
      instanceClass: 'r6g.2xlarge',
      allocatedStorageGiB: 200,
      maxAllocatedStorageGiB: 380,
      multiAz: false,
      maintenanceWindow: 'mon:04:30-mon:05:30',
      maxConnections: 300,
      engineVersion: '15.19',
    },
    replicas: [...production.replicas!, { availabilityZone: 'us-east-1a' }],
    logRetentionDays: 400,
    tags: { Team: 'salons' },
    alerts: { overrides: { PostgreSQLCpuHigh: { threshold: 70 } } },
    notifications: { ...production.notifications, emails: ['dba@salons.dev'] },
  });
  const changes = judged(before, after);
  expect(changes.filter(({ verdict }) => verdict !== 'passes')).toEqual([]);
  const types = new Set(changes.map(({ type, property }) => `${type} ${property}`));
  for (const expected of [
    'AWS::RDS::DBInstance DBInstanceClass',
    'AWS::RDS::DBInstance AllocatedStorage',
    'AWS::RDS::DBInstance Tags',
    'AWS::RDS::DBInstance undefined',
    'AWS::CloudWatch::Alarm Threshold',
  ])
    expect(types).toContain(expected);
});
