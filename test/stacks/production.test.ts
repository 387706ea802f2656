import { Match } from 'aws-cdk-lib/assertions';
import { find as findIn, onlyOne, synthesize, synthesizeProductionWith, type Templates } from '../support/synth';

let production: Templates;
beforeAll(() => {
  production = synthesize('production');
});

/** Of production's resources. */
const find = (type: string, properties: object = {}, stack: keyof Templates = 'database') =>
  findIn(production[stack], type, properties);

describe('the primary', () => {
  test('is the owner’s, Multi-AZ, private, encrypted and protected', () => {
    production.database.hasResource('AWS::RDS::DBInstance', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DBInstanceClass: 'db.r6g.xlarge',
        Engine: 'postgres',
        EngineVersion: '15.17',
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
        DBInstanceIdentifier: Match.absent(),
        Tags: Match.arrayWith([{ Key: 'whatsapp-saas:backup', Value: 'production' }]),
      },
    });
  });

  test('has the owner’s parameters in the units of RDS', () => {
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
      shared_preload_libraries: 'pg_stat_statements,pgaudit,auto_explain',
      'pg_stat_statements.track': 'all',
      'pg_stat_statements.max': '10000',
      autovacuum: '1',
      autovacuum_max_workers: '4',
      autovacuum_naptime: '30',
      log_checkpoints: '1',
      log_connections: '1',
      log_disconnections: '1',
      log_lock_waits: '1',
      log_statement: 'ddl',
      'rds.force_ssl': '1',
      ssl_min_protocol_version: 'TLSv1.2',
      'rds.accepted_password_auth_method': 'scram',
      max_slot_wal_keep_size: '20480',
    });
  });
});

describe('the replicas', () => {
  const replicas = () => find('AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: Match.anyValue() });

  test('are two, in zones of their own, grown and protected by themselves', () => {
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

  test('state nothing that RDS refuses on a replica', () => {
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

  test('have a parameter group of their own, with as many connections as the primary', () => {
    const [id] = Object.keys(
      find('AWS::RDS::DBParameterGroup', { Description: 'PostgreSQL 15 replicas of production' }),
    );
    for (const replica of Object.values(replicas())) expect(replica['DBParameterGroupName']).toEqual({ Ref: id });
    const { Parameters } = onlyOne(
      find('AWS::RDS::DBParameterGroup', { Description: 'PostgreSQL 15 replicas of production' }),
    );
    expect(Parameters).toMatchObject({ max_connections: '200', hot_standby_feedback: '1' });
  });

  test('share one monitoring role and one subnet group with the primary', () => {
    const servers = Object.values(find('AWS::RDS::DBInstance'));
    expect(servers).toHaveLength(3);
    expect(new Set(servers.map(({ MonitoringRoleArn }) => JSON.stringify(MonitoringRoleArn))).size).toBe(1);
    expect(new Set(servers.map(({ DBSubnetGroupName }) => JSON.stringify(DBSubnetGroupName))).size).toBe(1);
  });
});

test('the proxy stands before the primary, over TLS, with PgBouncer’s limits', () => {
  const proxy = onlyOne(find('AWS::RDS::DBProxy'));
  expect(proxy).toMatchObject({ EngineFamily: 'POSTGRESQL', RequireTLS: true, IdleClientTimeout: 1800 });
  expect(proxy['Auth']).toEqual([
    expect.objectContaining({ ClientPasswordAuthType: 'POSTGRES_SCRAM_SHA_256', IAMAuth: 'DISABLED' }),
  ]);
  const [primaryId] = Object.keys(find('AWS::RDS::DBInstance', { MultiAZ: true }));
  expect(onlyOne(find('AWS::RDS::DBProxyTargetGroup'))).toMatchObject({
    DBInstanceIdentifiers: [{ Ref: primaryId }],
    ConnectionPoolConfigurationInfo: {
      ConnectionBorrowTimeout: 120,
      MaxConnectionsPercent: 50,
      MaxIdleConnectionsPercent: 5,
    },
  });
});

test('both secrets are kept, encrypted by the data’s key, and rotated every 30 days by their own users', () => {
  const secrets = production.database.findResources('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain' });
  expect(Object.keys(secrets)).toHaveLength(2);
  const [keyId] = Object.keys(find('AWS::KMS::Key'));
  for (const { Properties } of Object.values(secrets)) {
    expect((Properties as Record<string, unknown>)['KmsKeyId']).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
  }
  const schedules = Object.values(find('AWS::SecretsManager::RotationSchedule'));
  expect(schedules).toHaveLength(2);
  for (const schedule of schedules) {
    expect(schedule).toMatchObject({
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
  }
  production.database.resourceCountIs('AWS::Serverless::Application', 2);
  const mappings = JSON.stringify(production.database.toJSON()['Mappings']);
  expect(mappings).toContain('SecretsManagerRDSPostgreSQLRotationSingleUser');
  expect(mappings).not.toContain('MultiUser');
});

test.each(['network', 'database', 'backup', 'recovery'] as const)(
  'the key of the %s stack is rotated and kept',
  (stack) => {
    production[stack].hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      Properties: { EnableKeyRotation: true },
    });
    production[stack].resourceCountIs('AWS::KMS::Key', 1);
  },
);

test('the network has three zones of private subnets, two endpoints in two zones each, and no NAT gateway', () => {
  production.network.resourceCountIs('AWS::EC2::Subnet', 6);
  production.network.resourceCountIs('AWS::EC2::NatGateway', 0);
  production.network.resourceCountIs('AWS::EC2::InternetGateway', 0);
  const endpoints = Object.values(find('AWS::EC2::VPCEndpoint', {}, 'network'));
  expect(endpoints.map(({ ServiceName }) => ServiceName)).toEqual([
    'com.amazonaws.us-east-1.secretsmanager',
    'com.amazonaws.us-east-1.monitoring',
  ]);
  for (const { SubnetIds } of endpoints) expect(SubnetIds).toHaveLength(2);
  production.network.resourceCountIs('AWS::EC2::FlowLog', 1);
});

test('an existing VPC is used as it is', () => {
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

test('every address is an output and a parameter, the reader’s name too', () => {
  const parameters = Object.values(find('AWS::SSM::Parameter')).map(({ Name }) => Name);
  expect(parameters.sort()).toEqual(
    ['primary', 'reader', 'replica-1', 'replica-2', 'writer'].map(
      (name) => `/whatsapp-saas/production/database/${name}`,
    ),
  );
  for (const name of ['Primary', 'Reader', 'Replica1', 'Replica2', 'Writer'])
    production.database.hasOutput(`Database${name}Host`, {});
});

test('functions run on arm64 and Node.js 24, in the VPC', () => {
  for (const stack of ['operations', 'monitoring'] as const) {
    const ours = find('AWS::Lambda::Function', { VpcConfig: Match.anyValue() }, stack);
    expect(onlyOne(ours)).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  }
});

test('the collector may log in as metrics_user by the servers’ resource ids and publish to one namespace, nothing more', () => {
  const policy = onlyOne(
    find('AWS::IAM::Policy', { PolicyName: Match.stringLikeRegexp('^CollectorCollect') }, 'monitoring'),
  );
  const { Statement } = policy['PolicyDocument'] as { Statement: { Action: string; Resource: unknown }[] };
  expect(Statement.map(({ Action }) => Action).sort()).toEqual(['cloudwatch:PutMetricData', 'rds-db:connect']);
  const resources = JSON.stringify(Statement.filter(({ Action }) => Action === 'rds-db:connect'));
  expect(resources.match(/DbiResourceId/g)).toHaveLength(3);
  expect(resources).toContain('/metrics_user');
});
