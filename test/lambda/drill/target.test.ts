import { readInput } from '../../../lambda/drill/input';
import { chooseTarget, restoreInput } from '../../../lambda/drill/target';
import { fractionOf, instanceName } from '../../../lib/contract/drill/kinds';
import { BACKUP_TAG_KEY } from '../../../lib/constructs/backup/backup-tag';
import { DRILL_SETTINGS } from '../../support/aws/drill-rig';

const NOW = new Date('2026-11-24T12:00:00Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const RESTORABLE = { source: { instanceId: 'the-primary' }, earliest: hours(-100), latest: hours(-0.1) };
const EVENT = { execution: 'run-1', startedAt: NOW.toISOString() };

describe('the input', () => {
  test.each([
    [{}, 'verification'],
    [{ targetTime: '2026-11-24T10:00:00Z' }, 'pointInTime'],
    [{ drill: 'full' }, 'full'],
  ])('%j is a %s', (input, drill) => expect(readInput(input, 'drill').drill).toBe(drill));

  test('of a drill names no table: the table comes from the settings, except for verifications', () => {
    expect(readInput({}, 'drill', 'bookings').table).toBeUndefined();
    expect(readInput({ drill: 'full' }, 'drill', 'bookings').table).toBe('bookings');
    expect(() => readInput({ drill: 'full', table: 'salons' }, 'drill', 'bookings')).toThrow(
      'the field "table" is unknown; allowed: drill, targetTime',
    );
    expect(() => readInput({ keepTable: true }, 'drill')).toThrow('the field "keepTable" is unknown');
  });

  test('of a recovery names the moment and the table, and nothing else', () => {
    const input = { targetTime: '2026-11-24T10:00:00Z', table: 'salons' };
    expect(readInput(input, 'recovery', 'bookings')).toEqual({ drill: 'pointInTime', ...input });
    expect(() => readInput({}, 'recovery')).toThrow(
      'targetTime is missing; allowed: a moment in UTC such as 2026-11-24T12:00:00Z; table is missing; allowed: the name of a table in lower case',
    );
    expect(() => readInput({ ...input, drill: 'full' }, 'recovery')).toThrow('the field "drill" is unknown');
    expect(() => readInput({ ...input, table: 'bookings; DROP TABLE bookings' }, 'recovery')).toThrow('in lower case');
  });

  test.each<[unknown, string]>([
    [null, 'the input is not a JSON object'],
    [[], 'the input is not a JSON object'],
    [{ drill: 'weekly' }, 'drill is "weekly"; allowed: verification, pointInTime, full'],
    [{ targetTime: 'yesterday' }, 'targetTime is "yesterday"; allowed: a moment in UTC such as'],
    [{ targetTime: '2026-02-31T99:00:00Z' }, 'targetTime is "2026-02-31T99:00:00Z"'],
    [{ targetTime: '2026-11-24T10:00:00+02:00' }, 'allowed: a moment in UTC'],
    [{ drill: 'full', targetTime: '2026-11-24T10:00:00Z' }, 'targetTime is set for the drill full'],
    [{ drill: 1, targetTime: 2 }, 'drill is 1; allowed: verification, pointInTime, full; targetTime is 2'],
  ])('%j is refused', (input, sentence) => expect(() => readInput(input, 'drill')).toThrow(sentence));
});

describe('the target', () => {
  const choose = (input: unknown, execution = 'run-1', restorable = RESTORABLE) =>
    chooseTarget({ execution, purpose: 'drill', state: { input } }, restorable, DRILL_SETTINGS, NOW);

  test('of a verification is the latest moment, and the wanted moment is now', () => {
    expect(choose({})).toEqual({
      drill: 'verification',
      source: { instanceId: 'the-primary' },
      restoreTime: undefined,
      wantedAt: NOW.toISOString(),
      instanceClass: 'db.t4g.large',
      table: undefined,
    });
  });

  test('of a point-in-time drill is a whole second of the last day, the same for each attempt and another for each execution', () => {
    const chosen = ['a', 'b', 'c', 'd'].map((name) => choose({ drill: 'pointInTime' }, name).restoreTime!);
    expect(new Set(chosen).size).toBe(4);
    for (const time of chosen) {
      expect(Date.parse(time)).toBeGreaterThanOrEqual(hours(-24.2).getTime());
      expect(Date.parse(time)).toBeLessThanOrEqual(RESTORABLE.latest.getTime());
      expect(time).toMatch(/:\d\d\.000Z$/);
    }
    expect(choose({ drill: 'pointInTime' }, 'a').restoreTime).toBe(chosen[0]);
  });

  test('of a young server is not before its creation', () => {
    const earliest = hours(-0.2);
    const { restoreTime } = choose({ drill: 'pointInTime' }, 'a', { ...RESTORABLE, earliest });
    expect(Date.parse(restoreTime!)).toBeGreaterThanOrEqual(earliest.getTime() - 1000);
  });

  test.each(['2026-11-24T12:00:00Z', '2026-01-01T00:00:00Z'])('at %s cannot be restored', (targetTime) => {
    const allowed = 'from 2026-11-20T08:00:00.000Z to 2026-11-24T11:54:00.000Z';
    expect(() => choose({ targetTime })).toThrow(`targetTime is ${targetTime}; allowed: ${allowed}`);
  });

  test('a fraction is at least 0 and below 1', () => {
    for (let i = 0; i < 100; i++) {
      expect(fractionOf(`${i}`)).toBeGreaterThanOrEqual(0);
      expect(fractionOf(`${i}`)).toBeLessThan(1);
    }
  });
});

test('a restore sets everything that it must not leave to RDS', () => {
  const target = chooseTarget(
    { execution: 'run-1', purpose: 'drill', state: { input: {} } },
    RESTORABLE,
    DRILL_SETTINGS,
    NOW,
  );
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

test.each(['execution', 'a name with / and _ and ümlauts', 'x'.repeat(80)])(
  'the instance that the execution %s restores has a valid identifier',
  (name) => {
    expect(instanceName('production', name)).toMatch(/^[a-z](-?[a-z0-9])+$/);
    expect(instanceName('production', name).length).toBeLessThanOrEqual(63);
  },
);
