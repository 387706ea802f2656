import { find, onlyOne } from '../../support/synth';
import { changed, contentOf, inputsOf, statementsOf, templates } from './deployed';

describe('a restored server', () => {
  const document = contentOf(
    onlyOne(find(templates.production.operations, 'AWS::SSM::Document', { Name: 'production-restore' })),
  );
  const primary = onlyOne(find(templates.production.database, 'AWS::RDS::DBInstance', { MultiAZ: true }));
  const steps = ['restoreToTime', 'restoreLatest', 'restoreRetainedToTime', 'restoreRetainedLatest'];

  test.each(steps)('%s states all that RDS would default badly', (step) => {
    expect(inputsOf(document, step)).toMatchObject({
      DBInstanceClass: primary['DBInstanceClass'],
      DBSubnetGroupName: 'name',
      VpcSecurityGroupIds: ['name'],
      DBParameterGroupName: 'name',
      MultiAZ: false,
      PubliclyAccessible: false,
      StorageType: primary['StorageType'],
      MaxAllocatedStorage: primary['MaxAllocatedStorage'],
      AutoMinorVersionUpgrade: false,
      CopyTagsToSnapshot: true,
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: primary['EnableCloudwatchLogsExports'],
      CACertificateIdentifier: primary['CACertificateIdentifier'],
      EngineLifecycleSupport: primary['EngineLifecycleSupport'],
      BackupRetentionPeriod: primary['BackupRetentionPeriod'],
      DeletionProtection: true,
    });
  });

  test('carries tags of its own, never the one that the backup plan selects by', () => {
    for (const step of steps) {
      expect(inputsOf(document, step)['Tags']).toEqual([
        { Key: 'Application', Value: 'whatsapp-saas' },
        { Key: 'Environment', Value: 'production' },
        { Key: 'whatsapp-saas:restored-from', Value: 'name' },
      ]);
    }
  });

  test('gets by a change what a restore cannot state', () => {
    expect(inputsOf(document, 'complete')).toMatchObject({
      PreferredMaintenanceWindow: primary['PreferredMaintenanceWindow'],
      MonitoringInterval: primary['MonitoringInterval'],
      PerformanceInsightsRetentionPeriod: primary['PerformanceInsightsRetentionPeriod'],
      DatabaseInsightsMode: primary['DatabaseInsightsMode'],
    });
  });

  test('without Enhanced Monitoring no role is passed', () => {
    const restore = onlyOne(find(changed, 'AWS::SSM::Document', { Name: 'production-restore' }));
    expect(inputsOf(contentOf(restore), 'complete')).not.toHaveProperty('MonitoringRoleArn');
    expect(statementsOf(restore, changed).flatMap(({ Action }) => Action)).not.toContain('iam:PassRole');
  });
});

test('a rebuilt replica is what the stack states of it', () => {
  const document = contentOf(
    onlyOne(find(templates.production.operations, 'AWS::SSM::Document', { Name: 'production-rebuild-replica-2' })),
  );
  const replica = onlyOne(
    find(templates.production.database, 'AWS::RDS::DBInstance', { AvailabilityZone: 'us-east-1c' }),
  );
  for (const field of [
    'DBInstanceClass',
    'AvailabilityZone',
    'StorageType',
    'MaxAllocatedStorage',
    'AutoMinorVersionUpgrade',
    'CopyTagsToSnapshot',
    'EnableCloudwatchLogsExports',
    'CACertificateIdentifier',
    'MonitoringInterval',
    'DeletionProtection',
    'PubliclyAccessible',
    'PerformanceInsightsRetentionPeriod',
  ]) {
    expect({ [field]: inputsOf(document, 'create')[field] }).toEqual({ [field]: replica[field] });
  }
});
