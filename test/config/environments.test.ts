import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { faults } from './faults';

test.each(ENVIRONMENT_NAMES)('%s is valid and filled with defaults', (name) => {
  const config = loadEnvironment(name);
  expect(config.name).toBe(name);
  expect(config.database.maxConnections).toBe(200);
});

test('production is as large as the owner asked', () => {
  expect(loadEnvironment('production')).toMatchObject({
    database: { instanceClass: 'r6g.xlarge', multiAz: true, allocatedStorageGiB: 100, backupRetentionDays: 35 },
    replicas: [{ availabilityZone: 'us-east-1b' }, { availabilityZone: 'us-east-1c' }],
    proxy: { maxConnectionsPercent: 50, borrowTimeoutSeconds: 120 },
  });
});

test('accepts overrides of alerts', () => {
  const overrides = {
    PostgreSQLDown: { threshold: 1, for: '2m' },
    AICostSpike: { enabled: { enabled: false, reason: 'no AI here' } },
  };
  expect(faults((c) => (c['alerts'] = { overrides }))).toEqual([]);
  expect(loadEnvironment('production').alerts).toEqual({ overrides: {} });
});

test('accepts a VPC that exists', () => {
  const found = faults((c) => {
    c.network = {
      kind: 'import',
      vpcId: 'vpc-0123456789abcdef0',
      cidr: '10.9.0.0/16',
      availabilityZones: ['us-east-1b', 'us-east-1c'],
      applicationSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      databaseSubnetIds: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
    };
  });
  expect(found).toEqual([]);
});
