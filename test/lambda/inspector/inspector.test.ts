import type { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  type DBInstance,
  DescribeDBInstancesCommand,
  DescribePendingMaintenanceActionsCommand,
  type PendingMaintenanceAction,
  RDSClient,
} from '@aws-sdk/client-rds';
import { SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { createHandler } from '../../../lambda/inspector';
import { decide } from '../../../lambda/inspector/decide';
import { readEnv } from '../../../lambda/inspector/env';
import { supportEnd } from '../../../lambda/inspector/engine-support';
import { logger } from '../../../lambda/shared/logger';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../../lib/config';

const NOW = new Date('2026-11-24T07:30:00Z');
/** Another hour than that of the metrics that count days. */
const NOON = new Date('2026-11-24T12:00:00Z');
const daysFromNow = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const rds = mockClient(RDSClient);
const SERVERS = [
  { name: 'primary', instanceId: 'db-1' },
  { name: 'replica-1', instanceId: 'db-2' },
];

let published: Record<string, number[]>;

beforeEach(() => {
  rds.reset();
  published = {};
  jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
  rds.on(DescribePendingMaintenanceActionsCommand).resolves({ PendingMaintenanceActions: [] });
});

function instance(id: string, changes: Partial<DBInstance> = {}): DBInstance {
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: `arn:aws:rds:us-east-1:111111111111:db:${id}`,
    AllocatedStorage: 100,
    EngineVersion: '15.17',
    BackupRetentionPeriod: 30,
    InstanceCreateTime: daysFromNow(-100),
    LatestRestorableTime: new Date(NOW.getTime() - 240_000),
    CertificateDetails: { CAIdentifier: 'rds-ca-rsa2048-g1', ValidTill: daysFromNow(200) },
    ...changes,
  };
}

function describes(...instances: DBInstance[]): void {
  for (const each of instances) {
    rds
      .on(DescribeDBInstancesCommand, { DBInstanceIdentifier: each.DBInstanceIdentifier })
      .resolves({ DBInstances: [each] });
  }
}

const MACHINE = 'arn:aws:states:us-east-1:111111111111:stateMachine:test-restore-drill';

function pass({ now = NOW, drills = false } = {}): Promise<void> {
  return createHandler({
    settings: { environment: 'test', region: 'us-east-1', servers: SERVERS, ...(drills && { drills: MACHINE }) },
    // The mocks answer in place of every client of their class.
    sfn: new SFNClient({ region: 'us-east-1' }),
    rds: new RDSClient({ region: 'us-east-1' }),
    cloudWatch: {
      send: (command: unknown) => {
        for (const { MetricName = '', Dimensions, Values = [], Counts = [] } of (command as PutMetricDataCommand).input
          .MetricData ?? []) {
          const server = Dimensions?.find(({ Name }) => Name === 'Server')?.Value;
          published[server ? `${MetricName} ${server}` : MetricName] = Values.flatMap((value, i) =>
            Array<number>(Counts[i] ?? 0).fill(value),
          );
        }
        return Promise.resolve({});
      },
    },
    now: () => now,
  })();
}

/** Values of one inspection of the primary. */
function valuesOf(changes: Partial<DBInstance>, pendingMaintenance: PendingMaintenanceAction[] = []) {
  const { series, missing } = decide(
    [{ server: 'primary', instance: instance('db-1', changes), pendingMaintenance }],
    'primary',
    NOW,
  );
  return {
    ...Object.fromEntries(series.map(({ metric, values }) => [metric, values[0]])),
    missing: missing.map(({ field }) => field),
  } as Record<string, unknown>;
}

test('publishes every value of every server, and the pass', async () => {
  describes(
    instance('db-1'),
    instance('db-2', {
      AllocatedStorage: 120,
      LatestRestorableTime: undefined,
      BackupRetentionPeriod: 0,
      CertificateDetails: { ValidTill: daysFromNow(59) },
    }),
  );
  await pass();
  expect(published).toEqual({
    'rds_allocated_storage_bytes primary': [100 * 2 ** 30],
    'rds_allocated_storage_bytes replica-1': [120 * 2 ** 30],
    rds_recovery_point_age_seconds: [240],
    rds_ca_certificate_days: [200, 59],
    rds_forced_maintenance_days: [365, 365],
    rds_engine_support_days: [expect.closeTo(96.7, 1)],
    inspector_passes: [1],
  });
});

test('publishes what counts days in one hour of each day, and reports what is missing in every hour', async () => {
  describes(instance('db-1'), instance('db-2', { CertificateDetails: undefined }));
  await expect(pass({ now: NOON })).rejects.toThrow('replica-1: RDS does not give CertificateDetails.ValidTill');
  expect(Object.keys(published).sort()).toEqual([
    'rds_allocated_storage_bytes primary',
    'rds_allocated_storage_bytes replica-1',
    'rds_recovery_point_age_seconds',
  ]);
});

test('asks for pending maintenance by the instance’s ARN, and reads all pages', async () => {
  describes(instance('db-1'), instance('db-2'));
  const ResourceIdentifier = instance('db-1').DBInstanceArn;
  const page = (AutoAppliedAfterDate: Date, Marker?: string) => {
    const action = { Action: 'system-update', AutoAppliedAfterDate };
    return {
      PendingMaintenanceActions: [{ ResourceIdentifier, PendingMaintenanceActionDetails: [action] }],
      Marker,
    };
  };
  rds.on(DescribePendingMaintenanceActionsCommand, { ResourceIdentifier }).resolves(page(daysFromNow(40), 'next'));
  rds
    .on(DescribePendingMaintenanceActionsCommand, { ResourceIdentifier, Marker: 'next' })
    .resolves(page(daysFromNow(3)));
  await pass();
  expect(published['rds_forced_maintenance_days']).toEqual([3, 365]);
});

test('a throttled request fails the pass, which is not counted, and does not hide the other server', async () => {
  describes(instance('db-1'), instance('db-2'));
  const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  rds.on(DescribeDBInstancesCommand, { DBInstanceIdentifier: 'db-1' }).rejects(throttled);
  await expect(pass()).rejects.toThrow(
    'failed: primary: ThrottlingException: Rate exceeded; everything else was published',
  );
  expect(Object.keys(published).sort()).toEqual([
    'rds_allocated_storage_bytes replica-1',
    'rds_ca_certificate_days',
    'rds_forced_maintenance_days',
  ]);
});

test('where drills run, the pass fails when CloudWatch cannot say once a day whether one is overdue', async () => {
  describes(instance('db-1'), instance('db-2'));
  await expect(pass({ drills: true })).rejects.toThrow(
    'restore drills: CloudWatch does not say when the drill verification last succeeded (no answer; expected: Complete)',
  );
  await expect(pass()).resolves.toBeUndefined();
  await expect(pass({ now: NOON, drills: true })).resolves.toBeUndefined();
});

test('an instance that RDS does not know fails the pass', async () => {
  describes(instance('db-1'));
  rds.on(DescribeDBInstancesCommand, { DBInstanceIdentifier: 'db-2' }).resolves({ DBInstances: [] });
  await expect(pass()).rejects.toThrow('replica-1: RDS describes no instance db-2');
});

test('a server whose pending maintenance cannot be read publishes nothing', async () => {
  describes(instance('db-1'), instance('db-2'));
  rds.on(DescribePendingMaintenanceActionsCommand).rejects(new Error('denied'));
  await expect(pass()).rejects.toThrow('primary: Error: denied; replica-1: Error: denied');
  expect(published).toEqual({});
});

describe('the recovery point', () => {
  test.each([
    [0.5, 0],
    [1, 0],
    [1.5, 1800],
    [24, 23 * 3600],
  ])('without a first backup, %s hours after the creation of the server, is %s seconds old', (hours, seconds) => {
    const values = valuesOf({ LatestRestorableTime: undefined, InstanceCreateTime: daysFromNow(-hours / 24) });
    expect(values['rds_recovery_point_age_seconds']).toBe(seconds);
  });

  test('is not published without automated backups, and is reported as missing with them', () => {
    expect(valuesOf({ LatestRestorableTime: undefined, BackupRetentionPeriod: 0 })).not.toHaveProperty(
      'rds_recovery_point_age_seconds',
    );
    expect(valuesOf({ LatestRestorableTime: undefined, InstanceCreateTime: undefined })['missing']).toEqual([
      'LatestRestorableTime',
    ]);
  });

  test('is not negative when the clock of RDS is ahead', () => {
    expect(valuesOf({ LatestRestorableTime: daysFromNow(1) })['rds_recovery_point_age_seconds']).toBe(0);
  });
});

test.each<[string, PendingMaintenanceAction[], number]>([
  ['nothing', [], 365],
  ['an action that nothing forces', [{ Action: 'db-upgrade' }], 365],
  ['one that is applied in a window', [{ AutoAppliedAfterDate: daysFromNow(9) }], 9],
  ['one that is forced', [{ AutoAppliedAfterDate: daysFromNow(9), ForcedApplyDate: daysFromNow(8) }], 8],
  ['one that is scheduled', [{ CurrentApplyDate: daysFromNow(2) }, { ForcedApplyDate: daysFromNow(5) }], 2],
  ['one that is overdue', [{ ForcedApplyDate: daysFromNow(-1) }], -1],
])('pending maintenance: %s', (_, actions, days) => {
  expect(valuesOf({}, actions)['rds_forced_maintenance_days']).toBe(days);
});

test('names the fields that RDS leaves out', () => {
  const values = valuesOf({ AllocatedStorage: undefined, CertificateDetails: undefined, EngineVersion: undefined });
  expect(values['missing']).toEqual([
    'AllocatedStorage',
    'CertificateDetails.ValidTill',
    'an EngineVersion of the support calendar (found: none)',
  ]);
});

test.each([
  ['15.17', '2027-03-01'],
  ['15.14', '2026-09-01'],
  ['15.4', '2026-09-01'],
  ['15.18', '2027-09-01'],
  ['15.19', '2028-02-29'],
  ['16.3', undefined],
])('the support of %s ends on %s', (version, day) => {
  expect(supportEnd(version)?.toISOString().slice(0, 10)).toBe(day);
});

test('the calendar lists the version that environments run', () => {
  for (const name of ENVIRONMENT_NAMES) {
    const { engineVersion } = loadEnvironment(name).database;
    const end = supportEnd(engineVersion);
    expect([engineVersion, end && end < supportEnd('15.999')!]).toEqual([engineVersion, true]);
  }
});

test('reads where drills run', () => {
  const variables = { ENVIRONMENT: 'dev', SERVERS: '[]', AWS_REGION: 'r' };
  expect(readEnv({ ...variables, DRILLS: MACHINE }).drills).toBe(MACHINE);
  expect(readEnv({ ...variables, DRILLS: 'off' })).not.toHaveProperty('drills');
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ SERVERS: '[]' })).toThrow('environment variables missing: ENVIRONMENT, DRILLS, AWS_REGION');
});
