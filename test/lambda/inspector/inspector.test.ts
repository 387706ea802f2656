import type { GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  type DBInstance,
  DescribeDBInstancesCommand,
  DescribePendingMaintenanceActionsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { createHandler } from '../../../lambda/inspector';
import { logger } from '../../../lambda/shared/logger';
import { daysFromNow, instance, NOW } from '../../support/aws/inspected-instance';

/** Another hour than that of the metrics that change by days. */
const NOON = new Date('2026-11-24T12:00:00Z');
const rds = mockClient(RDSClient);
const sns = mockClient(SNSClient);
const SERVERS = [
  { name: 'primary', instanceId: 'db-1' },
  { name: 'replica-1', instanceId: 'db-2' },
];

let published: Record<string, number[]>;

beforeEach(() => {
  rds.reset();
  sns.reset();
  published = {};
  jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
  rds.on(DescribePendingMaintenanceActionsCommand).resolves({ PendingMaintenanceActions: [] });
});

function describes(...instances: DBInstance[]): void {
  for (const each of instances) {
    rds
      .on(DescribeDBInstancesCommand, { DBInstanceIdentifier: each.DBInstanceIdentifier })
      .resolves({ DBInstances: [each] });
  }
}

const MACHINE = 'arn:aws:states:us-east-1:111111111111:stateMachine:test-restore-drill';
const TOPIC = { arn: 'arn:aws:sns:us-east-1:111111111111:test-info', subscriptions: 1 };

function pass({ now = NOW, drills = false, topics = [] as (typeof TOPIC)[] } = {}): Promise<void> {
  return createHandler({
    settings: {
      environment: 'test',
      region: 'us-east-1',
      servers: SERVERS,
      topics,
      ...(drills && { drills: MACHINE }),
    },
    // The mocks answer in place of every client of their class.
    sfn: new SFNClient({ region: 'us-east-1' }),
    scheduler: new SchedulerClient({ region: 'us-east-1' }),
    sns: (region) => new SNSClient({ region }),
    rds: new RDSClient({ region: 'us-east-1' }),
    cloudWatch: {
      send: (command: unknown) => {
        const { MetricDataQueries = [] } = (command as GetMetricDataCommand).input;
        if (MetricDataQueries.some(({ Id }) => Id === 'daily')) {
          // Every job succeeded just now.
          return Promise.resolve({
            MetricDataResults: MetricDataQueries.map(({ Id }) => ({ Id, StatusCode: 'Complete', Timestamps: [NOW] })),
          });
        }
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
    care_overdue_days: [-1.5, -2.5, -8, -8, -33, -95],
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
    'care_overdue_days',
    'rds_allocated_storage_bytes replica-1',
    'rds_ca_certificate_days',
    'rds_forced_maintenance_days',
  ]);
});

test('where drills run, the pass fails when CloudWatch cannot say once a day whether one is overdue', async () => {
  describes(instance('db-1'), instance('db-2'));
  await expect(pass({ drills: true })).rejects.toThrow(
    'restore drills: CloudWatch does not say when verification last succeeded (no answer; expected: Complete)',
  );
  await expect(pass()).resolves.toBeUndefined();
  await expect(pass({ now: NOON, drills: true })).resolves.toBeUndefined();
});

test('publishes how many subscriptions of each topic are not confirmed; without an answer the pass fails', async () => {
  describes(instance('db-1'), instance('db-2'));
  const Attributes = { SubscriptionsConfirmed: '0', SubscriptionsPending: '1' };
  sns.on(GetTopicAttributesCommand, { TopicArn: TOPIC.arn }).resolves({ Attributes });
  await pass({ topics: [TOPIC] });
  expect(published).toMatchObject({ sns_unconfirmed_subscriptions: [1], inspector_passes: [1] });
  sns.on(GetTopicAttributesCommand).rejects(new Error('denied'));
  published = {};
  await expect(pass({ topics: [TOPIC] })).rejects.toThrow(`failed: ${TOPIC.arn}: Error: denied; everything else`);
  expect(Object.keys(published)).not.toContain('inspector_passes');
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
  expect(Object.keys(published)).toEqual(['care_overdue_days']);
});
