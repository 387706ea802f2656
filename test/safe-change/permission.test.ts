import type { AllowedChange } from '../../lib/config/schema/changes/allowed-changes';
import { staleEntries } from '../../lib/safe-change/judge';
import { faults } from '../config/faults';
import { changed, judged, resourceIn, templatesOf } from './states';

const all = templatesOf('production');
const before = { 'production-Database': all['production-Database']! };
const PRIMARY = 'production-Database/DatabasePrimaryBBD54FE3';
const after = changed(before, (copy) => {
  const { Properties } = resourceIn(copy, 'production-Database', 'DatabasePrimaryBBD54FE3');
  Object.assign(Properties, { DBName: 'salons', MasterUsername: 'root' });
});

const entry = (change: Partial<AllowedChange> = {}): AllowedChange => ({
  resource: PRIMARY,
  changes: ['DBName'],
  reason: 'the database is empty until the import',
  until: '2026-11-30',
  ...change,
});

/** The verdict and the reason of each changed property on 26 November 2026. */
const verdicts = (...allowedChanges: AllowedChange[]) =>
  Object.fromEntries(
    judged(before, after, { allowedChanges }).map(({ property, verdict, because }) => [property, [verdict, because]]),
  ) as Record<string, [string, string | undefined]>;

test('an entry lets its property through and nothing else, and says why and how long', () => {
  expect(verdicts(entry())).toEqual({
    DBName: ['allowed', 'the database is empty until the import (allowedChanges, until 2026-11-30)'],
    MasterUsername: ['refused', undefined],
  });
});

test.each([
  ['its last day', '2026-11-26', 'allowed', /until 2026-11-26/],
  ['the day after', '2026-11-25', 'refused', /^the entry in allowedChanges ended on 2026-11-25$/],
  ['31 days ahead', '2026-12-27', 'allowed', /until 2026-12-27/],
  ['32 days ahead', '2026-12-28', 'refused', /until 2026-12-28; allowed: at most 31 days ahead$/],
])('%s', (_, until, verdict, because) => {
  expect(verdicts(entry({ until }))['DBName']).toEqual([verdict, expect.stringMatching(because)]);
});

test('of several entries the longest counts', () => {
  expect(verdicts(entry({ until: '2026-11-20' }), entry())['DBName']?.[0]).toBe('allowed');
});

test('an entry for another resource or property changes nothing', () => {
  const others = [entry({ resource: `${PRIMARY}X` }), entry({ changes: ['Engine', 'deletion'] })];
  expect(verdicts(...others)).toEqual({ DBName: ['refused', undefined], MasterUsername: ['refused', undefined] });
});

test('a removal needs "deletion"', () => {
  const without = changed(
    before,
    (copy) => void delete copy['production-Database']!.Resources['DatabasePrimaryBBD54FE3'],
  );
  const removal = (changes: string[]) =>
    judged(before, without, { allowedChanges: [entry({ changes })] }).find(({ resource }) => resource === PRIMARY)
      ?.verdict;
  expect([removal(['deletion']), removal(['DBName'])]).toEqual(['allowed', 'refused']);
});

test('an environment whose servers were not protected may lose them; switching the protection off is refused first', () => {
  const disposable = changed(before, (copy) => {
    for (const resource of Object.values(copy['production-Database']!.Resources)) {
      if (resource.Type === 'AWS::RDS::DBInstance') resource.Properties['DeletionProtection'] = false;
    }
  });
  const renamed = changed(disposable, (copy) => {
    resourceIn(copy, 'production-Database', 'DatabasePrimaryBBD54FE3').Properties['DBName'] = 'salons';
  });
  expect(judged(disposable, renamed)).toMatchObject([
    { property: 'DBName', verdict: 'allowed', because: expect.stringContaining('deletionProtection') as string },
  ]);
  const both = judged(before, renamed).filter(({ verdict }) => verdict === 'refused');
  expect(new Set(both.map(({ property }) => property))).toEqual(new Set(['DBName', 'DeletionProtection']));
});

test('an entry that does nothing any more is to be deleted', () => {
  const rules = (...allowedChanges: AllowedChange[]) => ({ allowedChanges, today: new Date('2026-11-26T23:59:00Z') });
  expect(staleEntries(before, after, rules(entry()))).toEqual([]);
  expect(staleEntries(before, after, rules(entry({ until: '2026-11-25' }), entry({ resource: 'a/B' })))).toEqual([
    `allowedChanges: the entry for ${PRIMARY} ended on 2026-11-25; delete it`,
    'allowedChanges: a/B is not a resource of the environment; correct or delete it',
  ]);
});

test.each([
  [
    { resource: 'DatabasePrimary' },
    'allowedChanges.0.resource is "DatabasePrimary"; allowed: a stack and a logical id',
  ],
  [{ changes: [] }, 'allowedChanges.0.changes is []; allowed: at least 1 entries'],
  [
    { changes: ['dbname'] },
    'allowedChanges.0.changes.0 is "dbname"; allowed: a property, such as "DBName", or "deletion"',
  ],
  [{ until: '31.12.2026' }, 'allowedChanges.0.until is "31.12.2026"; allowed: a date such as "2026-12-31"'],
  [{ until: '2026-02-30' }, 'allowedChanges.0.until is "2026-02-30"; allowed: a date such as "2026-12-31"'],
  [{ reason: 'ok' }, 'allowedChanges.0.reason is "ok"; allowed: a sentence of at least 10 characters'],
])('an entry with %j is a fault of the configuration', (change, sentence) => {
  expect(faults((draft) => (draft['allowedChanges'] = [entry(change)]))).toEqual([
    expect.stringContaining(sentence) as string,
  ]);
});
