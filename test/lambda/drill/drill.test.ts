import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { createHandler } from '../../../lambda/drill';
import { readEnv } from '../../../lambda/drill/env';
import { readInput } from '../../../lambda/drill/input';
import { isDrillInstance, leftovers, progressOf } from '../../../lambda/drill/instances';
import { Rds } from '../../../lambda/drill/rds';
import { reasonOf, summarize } from '../../../lambda/drill/summary';
import { chooseTarget, restoreInput } from '../../../lambda/drill/target';
import { fractionOf, instanceName } from '../../../lib/contract/drill';
import type { DrillStep } from '../../../lib/contract/drill-state';
import { BACKUP_TAG_KEY } from '../../../lib/constructs/backup/backup-tag';
import { DRILL_SETTINGS } from '../../support/aws/drill-rig';
import { Clock, FakeRds, THROTTLED } from '../../support/aws/fake-rds';

const NOW = new Date('2026-11-24T12:00:00Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const RESTORABLE = { source: { instanceId: 'the-primary' }, earliest: hours(-100), latest: hours(-0.1) };
const EVENT = { execution: 'run-1', startedAt: NOW.toISOString() };

describe('the input', () => {
  test.each([
    [{}, 'verification'],
    [{ targetTime: '2026-11-24T10:00:00Z' }, 'pointInTime'],
    [{ drill: 'full', table: 'bookings' }, 'full'],
  ])('%j is a %s', (input, drill) => expect(readInput(input).drill).toBe(drill));

  test.each<[unknown, string]>([
    [null, 'the input is no JSON object'],
    [[], 'the input is no JSON object'],
    [{ drill: 'weekly' }, 'drill is "weekly"; allowed: verification, pointInTime, full'],
    [{ targetTime: 'yesterday' }, 'targetTime is "yesterday"; allowed: a moment in UTC such as'],
    [{ targetTime: '2026-02-31T99:00:00Z' }, 'targetTime is "2026-02-31T99:00:00Z"'],
    [{ targetTime: '2026-11-24T10:00:00+02:00' }, 'allowed: a moment in UTC'],
    [{ table: 'bookings; DROP TABLE bookings' }, 'allowed: the name of a table in lower case'],
    [{ keepTable: 'yes', table: 'bookings' }, 'keepTable is "yes"; allowed: true or false'],
    [{ keepTable: true }, 'keepTable is true without a table'],
    [{ drill: 'full', targetTime: '2026-11-24T10:00:00Z' }, 'a full restores the latest moment'],
    [{ drill: 1, table: 2 }, 'drill is 1; allowed: verification, pointInTime, full; table is 2'],
  ])('%j is refused', (input, sentence) => expect(() => readInput(input)).toThrow(sentence));
});

describe('the target', () => {
  const choose = (input: unknown, execution = 'run-1', restorable = RESTORABLE) =>
    chooseTarget({ execution, state: { input } }, restorable, DRILL_SETTINGS, NOW);

  test('of a verification is the latest moment, wanted now', () => {
    expect(choose({})).toEqual({
      drill: 'verification',
      source: { instanceId: 'the-primary' },
      restoreTime: undefined,
      wantedAt: NOW.toISOString(),
      instanceClass: 'db.t4g.large',
      table: undefined,
      keepTable: false,
    });
  });

  test('of a point-in-time drill is a whole second of the last day, and no two executions agree', () => {
    const chosen = ['a', 'b', 'c', 'd'].map((name) => choose({ drill: 'pointInTime' }, name).restoreTime!);
    expect(new Set(chosen).size).toBe(4);
    for (const time of chosen) {
      expect(Date.parse(time)).toBeGreaterThanOrEqual(hours(-24.2).getTime());
      expect(Date.parse(time)).toBeLessThanOrEqual(RESTORABLE.latest.getTime());
      expect(time).toMatch(/:\d\d\.000Z$/);
    }
    expect(choose({ drill: 'pointInTime' }, 'a').restoreTime).toBe(chosen[0]);
  });

  test('of a young server lies within its life', () => {
    const earliest = hours(-0.2);
    const { restoreTime } = choose({ drill: 'pointInTime' }, 'a', { ...RESTORABLE, earliest });
    expect(Date.parse(restoreTime!)).toBeGreaterThanOrEqual(earliest.getTime() - 1000);
  });

  test.each(['2026-11-24T12:00:00Z', '2026-01-01T00:00:00Z'])('at %s is out of reach', (targetTime) => {
    expect(() => choose({ targetTime })).toThrow(`targetTime is ${targetTime}; allowed: from 2026-11-20T08:00:00.000Z to 2026-11-24T11:54:00.000Z`); // prettier-ignore
  });

  test('a fraction is at least 0 and below 1', () => {
    for (let i = 0; i < 100; i++) {
      expect(fractionOf(`${i}`)).toBeGreaterThanOrEqual(0);
      expect(fractionOf(`${i}`)).toBeLessThan(1);
    }
  });
});

test('a restore states everything that RDS would choose worse', () => {
  const target = chooseTarget({ execution: 'run-1', state: { input: {} } }, RESTORABLE, DRILL_SETTINGS, NOW);
  const input = restoreInput(EVENT, target, DRILL_SETTINGS);
  expect(input).toEqual({
    SourceDBInstanceIdentifier: 'the-primary',
    UseLatestRestorableTime: true,
    TargetDBInstanceIdentifier: instanceName('production', 'run-1'),
    Tags: [
      { Key: 'whatsapp-saas:drill', Value: 'production' },
      { Key: 'whatsapp-saas:drill-started', Value: '2026-11-24T12:00:00.000Z' },
    ],
    DBInstanceClass: 'db.t4g.large',
    DBSubnetGroupName: 'subnets',
    DBParameterGroupName: 'parameters',
    VpcSecurityGroupIds: ['sg-1'],
    PubliclyAccessible: false,
    MultiAZ: false,
    StorageType: 'gp3',
    BackupRetentionPeriod: 0,
    DeletionProtection: false,
    CopyTagsToSnapshot: true,
    EnableIAMDatabaseAuthentication: true,
    EnableCloudwatchLogsExports: [],
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    AutoMinorVersionUpgrade: false,
    EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
  });
  // The backup plan selects by this tag.
  expect(input.Tags?.map(({ Key }) => Key)).not.toContain(BACKUP_TAG_KEY);
});

test.each(['execution', 'a name with / and _ and ümlauts', 'x'.repeat(80)])('the copy of %s has a name that RDS takes', (name) => {
  expect(instanceName('production', name)).toMatch(/^[a-z](-?[a-z0-9])+$/);
  expect(instanceName('production', name).length).toBeLessThanOrEqual(63);
}); // prettier-ignore

describe('replicated backups', () => {
  const settings = { ...DRILL_SETTINGS, source: { resourceId: 'db-ABC' } };
  const rds = () => new FakeRds(new Clock(NOW), { host: 'h', port: 1 });

  test('are found by the resource id of their source, and restored by their ARN', async () => {
    const fake = rds();
    fake.automatedBackups.push({
      DbiResourceId: 'db-ABC',
      DBInstanceAutomatedBackupsArn: 'arn:aws:rds:us-west-2:111111111111:auto-backup:ab-1',
      RestoreWindow: { EarliestTime: hours(-50), LatestTime: hours(-1) },
    });
    const restorable = await new Rds(fake).restorable(settings.source);
    const target = chooseTarget({ execution: 'a', state: { input: { drill: 'full' } } }, restorable, settings, NOW);
    const input = restoreInput(EVENT, target, settings);
    expect(input).toMatchObject({ SourceDBInstanceAutomatedBackupsArn: expect.stringContaining('ab-1') as string });
    expect(input).not.toHaveProperty('SourceDBInstanceIdentifier');
  });

  test('that are not there are told of', async () => {
    await expect(new Rds(rds()).restorable(settings.source)).rejects.toMatchObject({
      name: 'NotRestorable',
      message: 'this region has no replicated backups of db-ABC, or none that can be restored yet',
    });
  });
});

describe('a source', () => {
  test.each([
    ['that is gone', [], 'the source the-primary does not exist'],
    ['without backups', [{ DBInstanceIdentifier: 'the-primary', BackupRetentionPeriod: 0 }], 'the-primary has no recovery point'],
    ['before its first backup', [{ DBInstanceIdentifier: 'the-primary', BackupRetentionPeriod: 7 }], 'the-primary has no recovery point'],
  ])('%s cannot be restored', async (_, instances, sentence) => {
    const fake = new FakeRds(new Clock(NOW), { host: 'h', port: 1 });
    for (const instance of instances) fake.add(instance);
    await expect(new Rds(fake).restorable(DRILL_SETTINGS.source)).rejects.toThrow(sentence);
  }); // prettier-ignore

  test('reaches back as far as its backups and its life', async () => {
    const fake = new FakeRds(new Clock(NOW), { host: 'h', port: 1 });
    const instance = { DBInstanceIdentifier: 'the-primary', BackupRetentionPeriod: 1, LatestRestorableTime: NOW };
    fake.add({ ...instance, InstanceCreateTime: hours(-100) });
    expect((await new Rds(fake).restorable(DRILL_SETTINGS.source)).earliest).toEqual(hours(-24));
    fake.add({ ...instance, InstanceCreateTime: hours(-3) });
    expect((await new Rds(fake).restorable(DRILL_SETTINGS.source)).earliest).toEqual(hours(-3));
  });
});

describe('an instance', () => {
  const tag = { Key: 'whatsapp-saas:drill', Value: 'production' };
  const started = (at: Date) => ({ Key: 'whatsapp-saas:drill-started', Value: at.toISOString() });
  const copy = { DBInstanceIdentifier: 'production-restore-drill-1', TagList: [tag] };

  test('is a drill’s by its name and its tag, and the source never', () => {
    expect(isDrillInstance(copy, DRILL_SETTINGS)).toBe(true);
    expect(isDrillInstance({ ...copy, TagList: undefined }, DRILL_SETTINGS)).toBe(false);
    expect(isDrillInstance({ ...copy, DBInstanceIdentifier: 'production-x' }, DRILL_SETTINGS)).toBe(false);
    expect(isDrillInstance({ ...copy, TagList: [{ ...tag, Value: 'staging' }] }, DRILL_SETTINGS)).toBe(false);
    const named = { ...DRILL_SETTINGS, source: { instanceId: 'production-restore-drill-1' } };
    expect(isDrillInstance(copy, named)).toBe(false);
  });

  test('is a leftover when its drill began long ago', () => {
    const old = { ...copy, TagList: [tag, started(hours(-13))] };
    const young = { ...copy, TagList: [tag, started(hours(-11))] };
    const untimed = { ...copy, InstanceCreateTime: hours(-13) };
    const created = [old, young, untimed, copy, { ...old, DBInstanceStatus: 'deleting' }];
    expect(leftovers(created, DRILL_SETTINGS, NOW)).toEqual([old, untimed]);
  });

  test.each([
    ['available', true],
    ['backing-up', true],
    ['storage-optimization', true],
    ['modifying', false],
    ['creating', false],
  ])('that is %s is ready: %s', (DBInstanceStatus, ready) => {
    const described = { ...copy, DBInstanceStatus, Endpoint: { Address: 'h', Port: 5432 } };
    expect(progressOf(described, NOW.toISOString(), 60, NOW)).toMatchObject({ ready, status: DBInstanceStatus });
  });

  test('without an address is not ready', () => {
    expect(progressOf({ ...copy, DBInstanceStatus: 'available' }, NOW.toISOString(), 60, NOW).ready).toBe(false);
  });
});

test('asks for all pages of instances', async () => {
  const mock = mockClient(RDSClient);
  mock.on(DescribeDBInstancesCommand, { Marker: undefined }).resolves({ DBInstances: [{ DBInstanceIdentifier: 'a' }], Marker: 'next' }); // prettier-ignore
  mock.on(DescribeDBInstancesCommand, { Marker: 'next' }).resolves({ DBInstances: [{ DBInstanceIdentifier: 'b' }] });
  expect(await new Rds(new RDSClient({ region: 'us-east-1' })).all()).toHaveLength(2);
  mock.restore();
});

describe('the steps', () => {
  const clock = new Clock(NOW);
  const fake = new FakeRds(clock, { host: 'h', port: 1 });
  const failing = { send: () => Promise.reject(new Error('CloudWatch is down')) };
  const handler = createHandler({ settings: DRILL_SETTINGS, rds: fake, cloudWatch: failing, now: clock.now });
  const call = (step: DrillStep, state = {}) => handler({ ...EVENT, step, state: { input: {}, ...state } });

  test('a leftover that cannot be deleted is named, and hides no other', async () => {
    const tags = [{ Key: 'whatsapp-saas:drill', Value: 'production' }, { Key: 'whatsapp-saas:drill-started', Value: hours(-20).toISOString() }]; // prettier-ignore
    for (const id of ['a', 'b']) fake.add({ DBInstanceIdentifier: `production-restore-drill-${id}`, TagList: tags });
    fake.fail('Delete', THROTTLED);
    await expect(call('sweep')).rejects.toThrow('leftovers of earlier drills: production-restore-drill-a (Transient: ThrottlingException: Rate exceeded)'); // prettier-ignore
    expect(fake.deleted).toEqual(['production-restore-drill-b']);
  });

  test('a copy that has disappeared ends the wait', async () => {
    await expect(call('describe')).rejects.toThrow('has disappeared');
  });

  test('deleting what is not there is done', async () => {
    expect(await call('delete')).toEqual({ requestedAt: clock.now().toISOString() });
  });

  test('people are told although CloudWatch takes no metric', async () => {
    const target = { drill: 'verification' };
    expect(await call('summarize', { target })).toMatchObject({ failed: false, subject: expect.stringContaining('succeeded') as string }); // prettier-ignore
  });

  test('a fault of the state machine is called one', async () => {
    await expect(call('measure')).rejects.toThrow('the state machine is at fault');
    await expect(call('restore')).rejects.toThrow('the state machine is at fault');
  });
});

describe('the summary', () => {
  test.each([
    [{ Error: 'NotConnected', Cause: '{"errorType":"NotConnected","errorMessage":"nobody"}' }, 'NotConnected: nobody'],
    [{ Error: 'States.Timeout', Cause: '' }, 'States.Timeout'],
    [{ Error: 'States.Runtime', Cause: 'a path leads nowhere' }, 'States.Runtime: a path leads nowhere'],
  ])('of %j says %s', (error, sentence) => expect(reasonOf(error)).toBe(sentence));

  test('says what SNS takes: a subject of at most 100 characters', () => {
    const failure = { Error: 'X', Cause: 'y'.repeat(100_000) };
    const { subject, message } = summarize(
      { execution: 'x'.repeat(80), state: { input: {}, failure } },
      DRILL_SETTINGS,
    );
    expect(subject).toBe('Restore drill of production failed');
    expect(JSON.stringify(message).length).toBeLessThan(256 * 1024);
  });
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ SOURCE: '{}' })).toThrow('environment variables missing: ENVIRONMENT, METRICS_REGION, RESTORE, AWS_REGION');
}); // prettier-ignore
