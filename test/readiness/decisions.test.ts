import { decideVersion, endOfMajor } from '../../lib/readiness/checks/durability';
import { decideLag } from '../../lib/readiness/checks/replicas';
import { decideBelow } from '../../lib/readiness/checks/upkeep';

const day = (text: string) => new Date(`${text}T12:00:00Z`);

test('a major version ends on the second Thursday of November, five years after its year', () => {
  // postgresql.org, "Versioning Policy".
  expect([13, 14, 15, 16].map((major) => endOfMajor(major).toISOString().slice(0, 10))).toEqual([
    '2025-11-13',
    '2026-11-12',
    '2027-11-11',
    '2028-11-09',
  ]);
});

test.each<[number, string, 'passed' | 'failed', RegExp]>([
  [150_018, '2026-11-26', 'passed', /15\.18, supported until 2027-11-11/],
  [150_018, '2027-11-13', 'failed', /its support ended on 2027-11-11/],
  [150_002, '2026-11-26', 'failed', /15\.2, older than a year/],
  [90_624, '2026-11-26', 'failed', /before version 10/],
])('version %d on %s: %s', (version, today, status, found) => {
  expect(decideVersion({ version, now: day(today) })).toMatchObject({
    status,
    found: expect.stringMatching(found) as string,
  });
});

test.each([
  ['streams and is up to date', { streaming: true, lagSeconds: 1, lagBytes: 0 }, 'passed'],
  ['is far behind', { streaming: true, lagSeconds: 3600, lagBytes: 0 }, 'failed'],
  ['does not stream', { streaming: false, lagSeconds: 0, lagBytes: 0 }, 'failed'],
])('a replica that %s', (_what, follower, status) => {
  const followers = [{ name: 'replica', ...follower }];
  expect(decideLag({ isStandby: false, followers })).toMatchObject({ status });
});

test('an amount at its limit fails by its name, one below it passes', () => {
  const judge = (amount: number) => decideBelow([{ name: 'ids', amount }], 0.5, (share) => `${share}`, 'far');
  expect(judge(0.5)).toMatchObject({ status: 'failed', found: 'ids: 0.5' });
  expect(judge(0.49)).toMatchObject({ status: 'passed', found: 'far' });
});
