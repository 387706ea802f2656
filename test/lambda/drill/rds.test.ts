import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { Rds } from '../../../lambda/drill/rds';
import { chooseTarget, restoreInput } from '../../../lambda/drill/target';
import { DRILL_SETTINGS } from '../../support/aws/drill-rig';
import { Clock, FakeRds } from '../../support/aws/fake-rds';

const NOW = new Date('2026-11-24T12:00:00Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const EVENT = { execution: 'run-1', startedAt: NOW.toISOString() };

describe('replicated backups', () => {
  const settings = { ...DRILL_SETTINGS, source: { resourceId: 'db-ABC' } };
  const emptyRds = () => new FakeRds(new Clock(NOW), { host: 'h', port: 1 });

  test('are found by the resource id of their source, and restored by their ARN', async () => {
    const fake = emptyRds();
    fake.automatedBackups.push({
      DbiResourceId: 'db-ABC',
      DBInstanceAutomatedBackupsArn: 'arn:aws:rds:us-west-2:111111111111:auto-backup:ab-1',
      RestoreWindow: { EarliestTime: hours(-50), LatestTime: hours(-1) },
    });
    const restorable = await new Rds(fake).restorable(settings.source);
    const target = chooseTarget(
      { execution: 'a', purpose: 'drill', state: { input: { drill: 'full' } } },
      restorable,
      settings,
      NOW,
    );
    const input = restoreInput(EVENT, target, settings);
    expect(input).toMatchObject({ SourceDBInstanceAutomatedBackupsArn: expect.stringContaining('ab-1') as string });
    expect(input).not.toHaveProperty('SourceDBInstanceIdentifier');
  });

  test('that do not exist are reported', async () => {
    await expect(new Rds(emptyRds()).restorable(settings.source)).rejects.toMatchObject({
      name: 'NotRestorable',
      message: 'this region has no replicated backups of db-ABC, or none that can be restored yet',
    });
  });
});

describe('a source instance', () => {
  test.each([
    ['that does not exist', [], 'the source the-primary does not exist'],
    [
      'without backups',
      [{ DBInstanceIdentifier: 'the-primary', BackupRetentionPeriod: 0 }],
      'the-primary has no recovery point',
    ],
    [
      'before its first backup',
      [{ DBInstanceIdentifier: 'the-primary', BackupRetentionPeriod: 7 }],
      'the-primary has no recovery point',
    ],
  ])('%s cannot be restored', async (_, instances, sentence) => {
    const fake = new FakeRds(new Clock(NOW), { host: 'h', port: 1 });
    for (const instance of instances) fake.add(instance);
    await expect(new Rds(fake).restorable(DRILL_SETTINGS.source)).rejects.toThrow(sentence);
  });

  test('can be restored as far back as its backups and its creation', async () => {
    const fake = new FakeRds(new Clock(NOW), { host: 'h', port: 1 });
    const instance = { DBInstanceIdentifier: 'the-primary', BackupRetentionPeriod: 1, LatestRestorableTime: NOW };
    fake.add({ ...instance, InstanceCreateTime: hours(-100) });
    expect((await new Rds(fake).restorable(DRILL_SETTINGS.source)).earliest).toEqual(hours(-24));
    fake.add({ ...instance, InstanceCreateTime: hours(-3) });
    expect((await new Rds(fake).restorable(DRILL_SETTINGS.source)).earliest).toEqual(hours(-3));
  });
});

test('asks for all pages of instances', async () => {
  const mock = mockClient(RDSClient);
  const first = { DBInstances: [{ DBInstanceIdentifier: 'a' }], Marker: 'next' };
  mock.on(DescribeDBInstancesCommand, { Marker: undefined }).resolves(first);
  mock.on(DescribeDBInstancesCommand, { Marker: 'next' }).resolves({ DBInstances: [{ DBInstanceIdentifier: 'b' }] });
  expect(await new Rds(new RDSClient({ region: 'us-east-1' })).all()).toHaveLength(2);
  mock.restore();
});
