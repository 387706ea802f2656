import { Match } from 'aws-cdk-lib/assertions';
import { find as findIn, onlyOne, synthesize, type Templates } from '../../support/synth';

let production: Templates;
beforeAll(() => {
  production = synthesize('production');
});

/** Properties of production's resources. */
const find = (type: string, properties: object = {}, stack: keyof Templates = 'database') =>
  findIn(production[stack], type, properties);

test('the proxy is in front of the primary, over TLS, with PgBouncer’s limits', () => {
  const proxy = onlyOne(find('AWS::RDS::DBProxy', {}, 'access'));
  expect(proxy).toMatchObject({ EngineFamily: 'POSTGRESQL', RequireTLS: true, IdleClientTimeout: 1800 });
  expect(proxy['Auth']).toEqual([
    expect.objectContaining({ ClientPasswordAuthType: 'POSTGRES_SCRAM_SHA_256', IAMAuth: 'DISABLED' }),
  ]);
  const [primaryId] = Object.keys(find('AWS::RDS::DBInstance', { MultiAZ: true }));
  const target = onlyOne(find('AWS::RDS::DBProxyTargetGroup', {}, 'access'));
  expect(JSON.stringify(target['DBInstanceIdentifiers'])).toContain(`"PublishOutputRef${primaryId}`);
  expect(target).toMatchObject({
    ConnectionPoolConfigurationInfo: {
      ConnectionBorrowTimeout: 120,
      MaxConnectionsPercent: 50,
      MaxIdleConnectionsPercent: 5,
    },
  });
});

test('both secrets are kept, encrypted with the data’s key, and rotated every 30 days, each by its own user', () => {
  const secrets = production.database.findResources('AWS::SecretsManager::Secret', {
    DeletionPolicy: 'RetainExceptOnCreate',
  });
  expect(Object.keys(secrets)).toHaveLength(2);
  const [keyId] = Object.keys(find('AWS::KMS::Key'));
  for (const { Properties } of Object.values(secrets)) {
    expect((Properties as Record<string, unknown>)['KmsKeyId']).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
  }
  const stacks = ['database', 'access'] as const;
  const schedules = stacks.map((stack) => onlyOne(find('AWS::SecretsManager::RotationSchedule', {}, stack)));
  for (const schedule of schedules) {
    expect(schedule).toMatchObject({
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
  }
  for (const stack of stacks) {
    production[stack].resourceCountIs('AWS::Serverless::Application', 1);
    const mappings = JSON.stringify(production[stack].toJSON()['Mappings']);
    expect(mappings).toContain('SecretsManagerRDSPostgreSQLRotationSingleUser');
    expect(mappings).not.toContain('MultiUser');
  }
});

test.each(['network', 'database', 'backup', 'recovery'] as const)(
  'the key of the %s stack is rotated and kept',
  (stack) => {
    production[stack].hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { EnableKeyRotation: true },
    });
    production[stack].resourceCountIs('AWS::KMS::Key', 1);
  },
);

test('every address is an output and a parameter, the reader’s name too', () => {
  const stacks = ['database', 'access'] as const;
  const parameters = stacks.flatMap((stack) =>
    Object.values(find('AWS::SSM::Parameter', {}, stack)).map(({ Name }) => Name),
  );
  expect(parameters.sort()).toEqual(
    ['primary', 'reader', 'replica-1', 'replica-2', 'writer'].map(
      (name) => `/whatsapp-saas/production/database/${name}`,
    ),
  );
  for (const name of ['Primary', 'Reader', 'Replica1', 'Replica2'])
    production.database.hasOutput(`Database${name}Host`, {});
  production.access.hasOutput('DatabaseWriterHost', {});
});

test('functions run on arm64 and Node.js 24, in the VPC', () => {
  for (const stack of ['migrations', 'monitoring'] as const) {
    const ours = find('AWS::Lambda::Function', { VpcConfig: Match.anyValue() }, stack);
    expect(Object.keys(ours)).toHaveLength(stack === 'migrations' ? 1 : 2);
    for (const each of Object.values(ours))
      expect(each).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  }
});

test('the collector may log in as metrics_user by the servers’ resource ids and publish to one namespace, nothing more', () => {
  const policy = onlyOne(
    find('AWS::IAM::Policy', { PolicyName: Match.stringLikeRegexp('^CollectorCollect') }, 'monitoring'),
  );
  const { Statement } = policy['PolicyDocument'] as { Statement: { Action: string; Resource: unknown }[] };
  // Besides its log and, for Lambda, the network interfaces.
  const own = Statement.flatMap(({ Action }) => Action).filter((action) => !/^(logs|ec2):/.test(action));
  expect(own.sort()).toEqual(['cloudwatch:PutMetricData', 'rds-db:connect']);
  const resources = JSON.stringify(Statement.filter(({ Action }) => Action === 'rds-db:connect'));
  expect(resources.match(/DbiResourceId/g)).toHaveLength(3);
  expect(resources).toContain('/metrics_user');
});
