import { GOOD_MOVE } from '../move-rehearsal/good-move';
import { planDifferences } from '../../lib/upgrade/compare-plans';
import { valueDifferences } from '../../lib/upgrade/compare-values';
import { summarizeUpgrade, type UpgradeResults, withVerdict } from '../../lib/upgrade/report';

const RESULTS: UpgradeResults = {
  environment: 'production',
  from: '15.18',
  to: '17.10',
  migrations: ['first'],
  move: GOOD_MOVE,
  queries: 2,
  planDifferences: [],
  metrics: 3,
  valueDifferences: [],
  failedQueries: 0,
};

test('other plans are listed; one that lost its index is worse', () => {
  const plan = (query: string, text: string, index?: string) => ({ query, plan: text, index });
  const before = [plan('a', 'Index Scan x', 'x'), plan('b', 'Index Scan x', 'x'), plan('c', 'Seq Scan', undefined)];
  const after = [
    plan('a', 'Seq Scan'),
    plan('b', 'Bitmap Heap Scan > Bitmap Index Scan y', 'y'),
    plan('c', 'Seq Scan'),
  ];
  expect(planDifferences(before, before)).toEqual([]);
  expect(planDifferences(before, after)).toEqual([
    { query: 'a', before: 'Index Scan x', after: 'Seq Scan', isWorse: true },
    { query: 'b', before: 'Index Scan x', after: 'Bitmap Heap Scan > Bitmap Index Scan y', isWorse: false },
  ]);
});

test('other values are listed, in any order of rows; a metric that is gone is missing', () => {
  const before = new Map([
    ['same', [1, 2]],
    ['other', [1]],
    ['gone', [1, 2, 3, 4, 5, 6]],
  ]);
  const after = new Map([
    ['same', [2, 1]],
    ['other', [3]],
  ]);
  expect(valueDifferences(before, after)).toEqual([
    { metric: 'other', before: '1', after: '3', isMissing: false },
    { metric: 'gone', before: '6, 5, 4, 3, 2, … 6 values', after: 'none', isMissing: true },
  ]);
});

test.each<[Partial<UpgradeResults>, string]>([
  [{ migrations: [] }, 'no migration was applied on 17.10'],
  [{ move: { ...GOOD_MOVE, lost: 3 } }, 'the import lost 3 acknowledged rows'],
  [{ failedQueries: 2 }, '2 queries of the collector fail on 17.10'],
  [
    { planDifferences: [{ query: 'a', before: 'Index Scan x', after: 'Seq Scan', isWorse: true }] },
    'a reads none of its indexes on 17.10: Seq Scan',
  ],
  [
    { valueDifferences: [{ metric: 'm', before: '1', after: 'none', isMissing: true }] },
    'm is not published on 17.10; before: 1',
  ],
])('%j is not what an upgrade promises', (change, failure) => {
  expect(withVerdict(RESULTS)).toMatchObject({ ok: true, failures: [] });
  const report = withVerdict({ ...RESULTS, ...change });
  expect(report).toMatchObject({ ok: false, failures: [failure] });
  expect(summarizeUpgrade(report).at(-1)).toBe(`the upgrade does not hold: ${failure}`);
});

test('a difference that is not worse is only listed', () => {
  const report = withVerdict({
    ...RESULTS,
    planDifferences: [{ query: 'a', before: 'Index Scan x', after: 'Index Scan y', isWorse: false }],
  });
  expect(report.ok).toBe(true);
  expect(summarizeUpgrade(report).join('\n')).toContain('a: Index Scan x before, Index Scan y after');
});
