import { decide as capacity } from '../../../lambda/care-database/tasks/capacity';
import { decide as growth } from '../../../lambda/care-database/tasks/growth';
import { daysToRefresh } from '../../../lambda/care-database/tasks/intents';
import { decide as privileges } from '../../../lambda/care-database/tasks/privileges';
import { decide as roles, type Role } from '../../../lambda/care-database/tasks/roles';
import { seenRoles } from '../../../lambda/care-database/tasks/roles-at-work';
import { decide as slow, type Statement } from '../../../lambda/care-database/tasks/slow-statements';
import { decide as unused } from '../../../lambda/care-database/tasks/unused-indexes';
import { decide as vacuum, type VacuumState } from '../../../lambda/care-database/tasks/vacuum';
import { statementText } from '../../../lambda/care-database/statement-text';
import { CONNECTION_LIMITS, DATABASE_ROLES, ROLE_MEMBERSHIPS } from '../../../lib/contract/roles';

const NOW = new Date('2026-03-02T05:05:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const MIB = 1024 ** 2;

test.each([
  ["SELECT * FROM salons WHERE name = 'Anna' AND id = $1", 'SELECT * FROM salons WHERE name = ? AND id = $1'],
  ["/* user 4915 */ SELECT 15.5, E'it\\'s' -- Anna", 'SELECT ?, ?'],
  ['SELECT   a.b,\n  count(*)\nFROM "Quoted Name" LIMIT $12', 'SELECT a.b, count(*) FROM "Quoted Name" LIMIT $12'],
  ['SELECT $tag$ secret $tag$', 'SELECT ?'],
  [null, '(not shown: its text names a password, or is gone)'],
])('%j is shown as %j', (query, shown) => expect(statementText(query)).toBe(shown));

test('a long statement is cut', () => {
  const text = statementText(`SELECT ${'column_name, '.repeat(50)}last`);
  expect(text).toHaveLength(160);
  expect(text.endsWith('…')).toBe(true);
});

describe('slow statements', () => {
  const statement = (id: string, calls: number, ms: number): Statement => ({ id, calls, ms, query: `SELECT ${id}` });
  const before = { takenAt: daysAgo(1), rows: [statement('a', 100, 20_000), statement('b', 100, 500)] };
  const dayBefore = { takenAt: daysAgo(2), rows: [statement('a', 0, 0), statement('b', 0, 0)] };

  test.each([
    ['as slow as the day before', statement('a', 300, 60_000), 'fine'],
    ['a little slower', statement('a', 300, 99_000), 'fine'],
    ['twice as slow', statement('a', 300, 101_000), 'look'],
    ['twice as slow for too short a time to matter', statement('a', 110, 25_000), 'fine'],
    ['ten times slower, and still fast', statement('b', 10_000, 600_000), 'fine'],
    ['new and slow', statement('c', 100, 60_000), 'look'],
    ['new and fast', statement('c', 10_000, 60_000), 'fine'],
    ['reset since, and slow again', statement('a', 50, 60_000), 'look'],
  ])('%s', (_, now, state) => {
    // Beside a million fast calls.
    const fast = statement('fast', 1_000_000, 1000);
    expect(
      slow([now, fast], NOW, { ...before, rows: [...before.rows, statement('fast', 0, 0)] }, dayBefore).state,
    ).toBe(state);
  });

  test('more than one slow call of twenty is to be looked at', () => {
    const calls = (slowOnes: number) => [
      statement('slow', slowOnes, slowOnes * 101),
      statement('fast', 1000 - slowOnes, 100),
    ];
    expect(slow(calls(50), NOW).state).toBe('fine');
    expect(slow(calls(51), NOW).state).toBe('look');
  });

  test('the first digest has nothing to compare with', () => {
    const { state, lines } = slow([statement('a', 100, 600_000)], NOW);
    expect(state).toBe('look');
    expect(lines).toEqual([
      'Statements took 10.0 min since the statistics were reset: the first digest has nothing to compare with',
      '100.0 % of the calls were of statements that take over 100 ms on average; the goal is at most 5 %',
      'The most time:',
      '100 % of the time, 100 calls, mean 6,000 ms: SELECT a',
    ]);
  });

  test('what was not called is left out, and nothing at all is no division by zero', () => {
    expect(slow(before.rows, NOW, before, dayBefore).lines).toEqual([
      'Statements took 0.0 s in the last 24.0 h (the day before 20.5 s)',
      '0.0 % of the calls were of statements that take over 100 ms on average; the goal is at most 5 %',
      'The most time:',
    ]);
  });
});

test.each([
  ['2026-03-02T02:59:00Z', ['2026-03-01', '2026-03-02']],
  ['2026-03-02T03:00:00Z', ['2026-03-02']],
])('at %s the intents of %j are counted', (now, days) => expect(daysToRefresh(new Date(now))).toEqual(days));

test('growth is measured over a week and four, and by table', () => {
  const tables = [
    { table: 'messages', bytes: 300 * MIB },
    { table: 'salons', bytes: 10 * MIB },
  ];
  const days = [0, 3, 8, 29].map((age) => ({ age, bytes: (1000 - age) * MIB }));
  const last = { takenAt: daysAgo(7), rows: [{ table: 'messages', bytes: 200 * MIB }, tables[1]!] };
  expect(growth(1000 * MIB, days, tables, NOW, last).lines).toEqual([
    'The database has 1000.0 MiB: +8.0 MiB in 8 days, +29.0 MiB in 29 days',
    'Grew most in 7 days: messages +100.0 MiB',
  ]);
  expect(growth(1000 * MIB, [], tables, NOW).lines).toEqual([
    'The database has 1000.0 MiB: no size of a week ago is known yet',
    'The largest tables:',
    'messages: 300.0 MiB',
    'salons: 10.0 MiB',
  ]);
});

describe('unused indexes', () => {
  const index = (name: string, scans: number, bytes = 10 * MIB) => ({ index: name, table: 't', scans, bytes });

  test('one that a replica uses is used; a small one does not matter', () => {
    const primary = {
      days: 40,
      indexes: [index('used', 5), index('reports', 0), index('never', 0), index('small', 0, 8192)],
    };
    const replica = { days: 50, indexes: [index('used', 0), index('reports', 3), index('never', 0)] };
    const { state, lines } = unused([primary, replica]);
    expect([state, lines.length]).toEqual(['look', 1]);
    expect(lines[0]).toMatch(/^never on t, 10\.0 MiB: no server used it in 40 days/);
  });

  test('young statistics of any server judge nothing', () => {
    const servers = [
      { days: 40, indexes: [index('never', 0)] },
      { days: 3, indexes: [index('never', 0)] },
    ];
    expect(unused(servers)).toEqual({
      state: 'fine',
      lines: ['not judged: the statistics of a server cover 3 days, 35 are needed'],
    });
  });
});

describe('vacuum', () => {
  const table: VacuumState = {
    table: 'messages',
    live: 100_000,
    dead: 10_000,
    threshold: 20_050,
    vacuumedDaysAgo: 2,
    freezeShare: 0.5,
  };

  test.each<[string, Partial<VacuumState>, RegExp | undefined]>([
    ['below the threshold', {}, undefined],
    ['just beyond it, which autovacuum is about to do', { dead: 24_000 }, undefined],
    ['twice the threshold', { dead: 41_000 }, /41,000 dead rows, autovacuum works from 20,050 on.*2\.0 days ago/],
    ['a fifth dead', { live: 39_000, dead: 11_000, threshold: 10_000 }, /22 % of its rows are dead/],
    ['a small table that is mostly dead', { live: 10, dead: 60, threshold: 52 }, undefined],
    ['never vacuumed and old', { vacuumedDaysAgo: null, freezeShare: 1.5 }, /1\.5 times the age.*no VACUUM on record/],
  ])('%s', (_, changes, line) => {
    const found = vacuum([{ ...table, ...changes }]);
    if (line) expect(found.lines).toEqual([expect.stringMatching(line)]);
    expect(found.state).toBe(line ? 'look' : 'fine');
  });
});

describe('capacity', () => {
  test('the salons grow on as in the last three months', () => {
    const limits = [
      { what: 'CPU', salons: 2000 },
      { what: 'IOPS', salons: 1_000_000 },
    ];
    const { state, lines } = capacity({ now: 1000, before: 500 }, limits);
    expect(state).toBe('look');
    expect(lines.slice(0, 3)).toEqual([
      '1,000 active salons, 26.4 % more each month over three months',
      'CPU: 2,000 salons, in 3 months',
      'IOPS: 1,000,000 salons, in 30 months',
    ]);
  });

  test.each([
    [{ now: 10, before: 0 }, 'none of them older', 'fine'],
    [{ now: 10, before: 10 }, '0.0 % more', 'fine'],
    [{ now: 10, before: 20 }, '-20.9 % more', 'fine'],
    [{ now: 100, before: 100 }, '0.0 % more', 'look'],
    [{ now: 0, before: 0 }, '0 active salons', 'fine'],
  ])('%j', (count, line, state) => {
    const found = capacity(count, [{ what: 'CPU', salons: 100 }]);
    expect(found.lines[0]).toContain(line);
    expect(found.state).toBe(state);
  });
});

test('only what differs from the migrations is named', () => {
  expect(privileges(['a', 'b'], ['a', 'b'])).toEqual({
    state: 'fine',
    lines: ['2 grants, each as the migrations make it'],
  });
  expect(privileges(['a', 'c'], ['a', 'b']).lines).toEqual(['granted by hand: c', 'taken away by hand: b']);
});

describe('roles', () => {
  const limits: Readonly<Partial<Record<string, number>>> = CONNECTION_LIMITS;
  const all: Role[] = [
    ...DATABASE_ROLES.map((role) => ({
      role,
      limit: limits[role] ?? -1,
      attributes: [],
      memberOf: [...ROLE_MEMBERSHIPS[role]],
    })),
  ];
  const changed = (role: string, changes: Partial<Role>) =>
    all.map((each) => (each.role === role ? { ...each, ...changes } : each));

  test('as the migrations make them, with when each was last at work', () => {
    const { state, lines } = roles(all, [{ role: 'app_user', calls: 1, seenAt: NOW.toISOString() }]);
    expect(state).toBe('fine');
    expect(lines).toContain('app_user: last seen at work 2026-03-02');
    expect(lines).toContain('dba_user: never seen at work since the daily digests began');
  });

  test.each<[string, readonly Role[], string]>([
    [
      'a stranger',
      [...all, { role: 'x', limit: -1, attributes: [], memberOf: [] }],
      'x may log in, and no migration makes it',
    ],
    ['one that may create roles', changed('app_user', { attributes: ['CREATEROLE'] }), 'app_user has CREATEROLE'],
    ['a new member', changed('app_user', { memberOf: ['rds_superuser'] }), 'app_user is a member of rds_superuser'],
    ['no limit', changed('dba_user', { limit: -1 }), 'dba_user may have -1 sessions (-1: any number); expected: 10'],
    ['one that is gone', all.slice(1), 'app_user cannot log in or is not there'],
  ])('%s', (_, found, sentence) => {
    const { state, lines } = roles(found, []);
    expect(state).toBe('look');
    expect(lines[0]).toContain(sentence);
  });

  test('a role has worked when its statements became more, when they were reset and run again, or when it has a session', () => {
    const before = ['a', 'b', 'c', 'd'].map((role) => ({ role, calls: 10, seenAt: '2026-01-01T00:00:00.000Z' }));
    const activity = [
      { role: 'a', calls: 10, hasSession: false },
      { role: 'b', calls: 12, hasSession: false },
      { role: 'c', calls: 3, hasSession: false },
      { role: 'd', calls: 0, hasSession: true },
      { role: 'e', calls: 0, hasSession: false },
    ];
    const now = NOW.toISOString();
    expect(seenRoles(activity, before, NOW).map(({ seenAt }) => seenAt)).toEqual([
      '2026-01-01T00:00:00.000Z',
      now,
      now,
      now,
      null,
    ]);
  });
});
