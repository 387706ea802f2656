import { BACKUP_HOURS, backupRules } from '../../lib/config/derived/backup-rules';
import { IRREVERSIBLE } from '../../lib/config/schema/backups';
import { loadEnvironment } from '../../lib/config';
import { InvalidConfig, parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';

const VAULT = 'arn:aws:backup:us-east-1:210987654321:backup-vault:copies';
const governance = (minimumDays: number, maximumDays: number) => ({
  mode: 'governance' as const,
  minimumDays,
  maximumDays,
});

/** Production with other backups. */
function configured(backups: unknown, change: Partial<EnvironmentInput> = {}) {
  return parseEnvironment('production', { ...production, ...change, backups });
}

/** The faults of production with other backups. */
function faults(backups: unknown, change: Partial<EnvironmentInput> = {}): readonly string[] {
  try {
    configured(backups, change);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.faults;
    throw error;
  }
  return [];
}

test('production keeps a week, a month and a year, locked, with copies in another region', () => {
  expect(loadEnvironment('production').backups).toEqual({
    dailyDays: 7,
    weeklyDays: 30,
    monthlyDays: 365,
    hourlyDays: 0,
    vaultLock: governance(7, 365),
    recoveryRegion: 'us-west-2',
    audit: false,
    restoreTesting: {},
  });
});

test.each(['dev', 'staging'] as const)('%s has snapshots, but neither a lock nor copies', (name) => {
  const { backups } = loadEnvironment(name);
  expect(backups.dailyDays).toBeGreaterThan(0);
  expect([backups.vaultLock, backups.recoveryRegion, backups.restoreTesting]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

const refused: [string, unknown, string][] = [
  ['an unknown field', { dailyDay: 7 }, 'backups.dailyDay is not a field; check its spelling and place'],
  ['no daily backup', { dailyDays: 0 }, 'backups.dailyDays is 0; allowed: at least 1'],
  [
    'a weekly one that would take the place of the daily ones',
    { weeklyDays: 7 },
    'backups.weeklyDays is 7; allowed: 0, or more than dailyDays (7): AWS Backup runs only the longer one where both are due',
  ],
  [
    'a monthly one that gives way to the weekly',
    { monthlyDays: 30 },
    'backups.monthlyDays is 30; allowed: 0, or more than weeklyDays (30): AWS Backup runs only the longer one where both are due',
  ],
  [
    'a monthly one that gives way to the daily',
    { weeklyDays: 0, monthlyDays: 5 },
    'backups.monthlyDays is 5; allowed: 0, or more than dailyDays (7): AWS Backup runs only the longer one where both are due',
  ],
  [
    'a lock of no mode',
    { vaultLock: { minimumDays: 7, maximumDays: 365 } },
    'backups.vaultLock.mode is missing; allowed: an object whose mode is "governance" or "compliance"',
  ],
  [
    'a lock over the shortest retention',
    { vaultLock: governance(8, 365) },
    'backups.vaultLock.minimumDays is 8; allowed: at most 7, the shortest retention (database.backupRetentionDays included), or its jobs fail',
  ],
  [
    'a lock under the longest retention',
    { vaultLock: governance(7, 364) },
    'backups.vaultLock.maximumDays is 364; allowed: at least 365, the longest retention, or its jobs fail',
  ],
  [
    'a lock of compliance without a cooling-off',
    { vaultLock: { ...governance(7, 365), mode: 'compliance', acknowledged: IRREVERSIBLE } },
    'backups.vaultLock.changeableForDays is missing; allowed: a value of type number',
  ],
  [
    'a lock of compliance too quickly final',
    { vaultLock: { ...governance(7, 365), mode: 'compliance', changeableForDays: 2, acknowledged: IRREVERSIBLE } },
    'backups.vaultLock.changeableForDays is 2; allowed: at least 3',
  ],
  [
    'a lock of compliance by a yes',
    { vaultLock: { ...governance(7, 365), mode: 'compliance', changeableForDays: 3, acknowledged: true } },
    'backups.vaultLock.acknowledged is true; allowed: "nobody, not even AWS, can undo this lock"',
  ],
  [
    'a cooling-off of governance',
    { vaultLock: { ...governance(7, 365), changeableForDays: 3 } },
    'backups.vaultLock.changeableForDays is not a field; check its spelling and place',
  ],
  [
    'recovery in the same region',
    { recoveryRegion: 'us-east-1' },
    'backups.recoveryRegion is "us-east-1"; allowed: another region than the environment’s own, us-east-1',
  ],
  [
    'a vault by its name',
    { recoveryAccountVaultArn: 'copies' },
    'backups.recoveryAccountVaultArn is "copies"; allowed: the ARN of a backup vault, such as "arn:aws:backup:us-east-1:123456789012:backup-vault:name"',
  ],
  [
    'replication to nowhere',
    { crossRegionPointInTime: {} },
    'backups.crossRegionPointInTime is {}; allowed: none without backups.recoveryRegion',
  ],
  [
    'too long a replication',
    { recoveryRegion: 'us-west-2', crossRegionPointInTime: { retentionDays: 36 } },
    'backups.crossRegionPointInTime.retentionDays is 36; allowed: at most 35',
  ],
  [
    'a class with its prefix',
    { restoreTesting: { instanceClass: 'db.t4g.medium' } },
    'backups.restoreTesting.instanceClass is "db.t4g.medium"; allowed: an instance class without the "db." prefix, such as "r6g.xlarge"',
  ],
];

test.each(refused)('fails on %s', (_, backups, sentence) => {
  expect(faults(backups)).toEqual([sentence]);
});

test('a lock counts point-in-time recovery and hourly backups among the retentions', () => {
  const lock = { vaultLock: governance(5, 365) };
  const database = { ...production.database, backupRetentionDays: 3 };
  expect(faults(lock, { database })[0]).toContain('at most 3, the shortest retention');
  expect(faults({ ...lock, hourlyDays: 2 })[0]).toContain('at most 2, the shortest retention');
  expect(faults(lock)).toEqual([]);
});

test('a lock leaves room between its limits', () => {
  const same = { weeklyDays: 0, monthlyDays: 0, vaultLock: governance(7, 7) };
  const database = { ...production.database, backupRetentionDays: 7 };
  expect(faults(same, { database })).toEqual(['backups.vaultLock.maximumDays is 7; allowed: more than minimumDays']);
});

/** Without replicas and drills, because they also need backups. */
const OFF: Partial<EnvironmentInput> = {
  database: { ...production.database, backupRetentionDays: 0 },
  replicas: [],
  drills: { enabled: false, reason: 'there is nothing to restore' },
};

test('nothing is asked of backups that are off', () => {
  const found = faults({ recoveryRegion: 'us-west-2', audit: true, hourlyDays: 1 }, OFF);
  expect(found).toEqual([
    'database.backupRetentionDays is 0; allowed: at least 1 with backups.recoveryRegion, backups.audit, backups.hourlyDays, which need backups',
  ]);
  expect(faults({}, OFF)).toEqual([]);
});

test('restore tests need the checks of the drills', () => {
  const drills = { enabled: false as const, reason: 'somebody else drills this one' };
  expect(faults({ restoreTesting: {} }, { drills })).toEqual([
    'backups.restoreTesting is {}; allowed: none without drills, whose checks it uses',
  ]);
});

test('copies go to another account', () => {
  const backups = { recoveryAccountVaultArn: VAULT };
  expect(faults(backups, { accountId: '123456789012' })).toEqual([]);
  expect(faults(backups, { accountId: '210987654321' })).toEqual([
    `backups.recoveryAccountVaultArn is "${VAULT}"; allowed: a vault of another account than the environment’s own, 210987654321`,
  ]);
});

test('a lock of compliance takes all of its words', () => {
  const lock = { ...governance(7, 365), mode: 'compliance', changeableForDays: 3, acknowledged: IRREVERSIBLE };
  expect(configured({ vaultLock: lock }).backups.vaultLock).toEqual(lock);
});

describe('the rules', () => {
  const names = (backups: unknown, change?: Partial<EnvironmentInput>) =>
    backupRules(configured(backups, change)).map(({ name }) => name);

  test('are those that are kept for any time', () => {
    expect(names({})).toEqual(['continuous', 'daily', 'weekly', 'monthly']);
    expect(names({ weeklyDays: 0, monthlyDays: 0, hourlyDays: 1 })).toEqual(['continuous', 'hourly', 'daily']);
    expect(names({}, OFF)).toEqual([]);
  });

  // Where two are due AWS Backup runs the one that keeps longer: its point must be copied like the one that it stands in for.
  test('copy a point of every night for as long as the daily one is kept, and the monthly one as long as it is kept', () => {
    expect(backupRules(configured({})).map(({ name, copyDays }) => [name, copyDays])).toEqual([
      ['continuous', undefined],
      ['daily', 7],
      ['weekly', 7],
      ['monthly', 365],
    ]);
  });

  test('meet in no hour but the night’s', () => {
    const rules = backupRules(configured({ hourlyDays: 1 }));
    const hours = rules.map(({ name, schedule }) => ({ name, hours: schedule.hour.split(',').map(Number) }));
    const nightly = ['daily', 'weekly', 'monthly'];
    for (const rule of hours.filter(({ name }) => nightly.includes(name)))
      expect(rule.hours).toEqual([BACKUP_HOURS.start]);
    const others = hours.filter(({ name }) => !nightly.includes(name)).flatMap((rule) => rule.hours);
    expect(new Set(others).size).toBe(others.length);
    expect(others).not.toContain(BACKUP_HOURS.start);
  });

  test('leave out the hours around maintenance', () => {
    const hourly = (maintenanceWindow: string) =>
      backupRules(configured({ hourlyDays: 1 }, { database: { ...production.database, maintenanceWindow } }))
        .find(({ name }) => name === 'hourly')
        ?.schedule.hour.split(',')
        .map(Number);
    expect(hourly('sun:04:00-sun:05:00')).toEqual([
      1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
    ]);
    expect(hourly('sun:23:30-mon:00:30')).not.toEqual(expect.arrayContaining([22]));
    expect(hourly('sun:23:30-mon:00:30')).not.toEqual(expect.arrayContaining([23]));
    expect(hourly('sun:23:30-mon:00:30')).toContain(21);
  });
});
