import { Match } from 'aws-cdk-lib/assertions';
import { find as findIn, onlyOne, synthesize, type Templates } from '../../support/synth';

let production: Templates;
beforeAll(() => {
  production = synthesize('production');
});

/** Properties of production's resources. */
const find = (type: string, properties: object = {}) => findIn(production.database, type, properties);

test('the primary is the owner’s, Multi-AZ, private, encrypted and protected', () => {
  production.database.hasResource('AWS::RDS::DBInstance', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      DBInstanceClass: 'db.r6g.xlarge',
      Engine: 'postgres',
      EngineVersion: '15.18',
      MultiAZ: true,
      AllocatedStorage: '100',
      MaxAllocatedStorage: 390,
      StorageType: 'gp3',
      StorageEncrypted: true,
      KmsKeyId: Match.anyValue(),
      PubliclyAccessible: false,
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      CopyTagsToSnapshot: true,
      BackupRetentionPeriod: 35,
      PreferredBackupWindow: Match.absent(),
      PreferredMaintenanceWindow: 'sun:04:00-sun:05:00',
      AutoMinorVersionUpgrade: false,
      EnableCloudwatchLogsExports: ['postgresql', 'upgrade'],
      MonitoringInterval: 60,
      DatabaseInsightsMode: 'standard',
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      DBName: 'whatsapp_saas',
      ManageMasterUserPassword: Match.absent(),
      Tags: Match.arrayWith([{ Key: 'whatsapp-saas:backup', Value: 'production' }]),
    },
  });
});

test('the primary has the owner’s parameters in the units of RDS', () => {
  const { Parameters } = onlyOne(
    find('AWS::RDS::DBParameterGroup', { Description: 'PostgreSQL 15 primary of production' }),
  );
  expect(Parameters).toMatchObject({
    shared_buffers: '{DBInstanceClassMemory/32768}',
    effective_cache_size: '{DBInstanceClassMemory*3/32768}',
    maintenance_work_mem: 'LEAST({DBInstanceClassMemory/32768},1048576)',
    checkpoint_completion_target: '0.9',
    wal_buffers: '2048',
    default_statistics_target: '100',
    random_page_cost: '1.1',
    effective_io_concurrency: '200',
    work_mem: '16384',
    min_wal_size: '1024',
    max_wal_size: '4096',
    max_connections: '200',
    shared_preload_libraries: 'pg_stat_statements,pgaudit',
    'pg_stat_statements.track': 'all',
    'pg_stat_statements.max': '10000',
    autovacuum: '1',
    autovacuum_max_workers: '4',
    autovacuum_naptime: '30',
    log_checkpoints: '1',
    log_connections: '1',
    log_disconnections: '1',
    log_lock_waits: '1',
    log_statement: 'none',
    'rds.force_ssl': '1',
    ssl_min_protocol_version: 'TLSv1.2',
    'rds.accepted_password_auth_method': 'scram',
    max_slot_wal_keep_size: '20480',
    // 5 GiB, in kB.
    temp_file_limit: '5242880',
  });
});
