import { differingTables } from '../../../lib/rehearsal/restore/fingerprint';
import { type RestoreReport, restoreFailures, summarizeRestore } from '../../../lib/rehearsal/restore/restore-report';

const GOOD: RestoreReport = {
  targetTime: '2026-11-24T12:00:00.000Z',
  rtoSeconds: { restore: 1.5, connect: 0.1, validate: 0.2, total: 1.8 },
  rpoSeconds: 0.04,
  archiveLagSeconds: 1.2,
  archiveIntervalSeconds: 4,
  rowsExpected: 10,
  rowsFound: 10,
  tablesDiffering: [],
  table: 'messages',
  tableRecovered: true,
  brokenCopies: [{ broken: 'an index is invalid', refused: true, reason: 'indexes are invalid: i' }],
  leftovers: 0,
  bytes: 1_000_000_000,
};

test('a good restore has no failures', () => {
  expect(restoreFailures({ ...GOOD, copySeconds: 1, ratio: 2 })).toEqual([]);
});

test.each<[string, Partial<RestoreReport>, string]>([
  ['no rows', { rowsExpected: 0, rowsFound: 0 }, 'there were no rows to restore'],
  [
    'a lost row',
    { rowsFound: 9, tablesDiffering: ['messages'] },
    'the restored database has 9 of 10 rows; different tables: messages',
  ],
  [
    'a changed row',
    { tablesDiffering: ['bookings'] },
    'the restored database has 10 of 10 rows; different tables: bookings',
  ],
  [
    'an old recovery point',
    { rpoSeconds: 4 },
    "the recovery point, by the newest heartbeat, is 4 s old; allowed: under 4 s, the archive's interval",
  ],
  ['a late archive', { archiveLagSeconds: 5 }, 'the archive was 5 s behind; allowed: under 4 s'],
  ['a lost table', { tableRecovered: false }, 'messages was not recovered with all of its rows'],
  [
    'a broken copy that passes',
    { brokenCopies: [{ broken: 'an index is invalid', refused: false, reason: 'the drill accepts it' }] },
    'a restored database passes although an index is invalid: the drill accepts it',
  ],
  ['no broken copy', { brokenCopies: [] }, 'no broken copy was tried'],
  [
    'a repaired copy that is refused',
    { intactRefused: 'the drill: x' },
    'the restored database is refused after every damage was repaired: the drill: x',
  ],
  ['leftovers', { leftovers: 1 }, '1 restored instances, folders or logs are left behind'],
  [
    'a slow restore',
    { copySeconds: 1, ratio: 2.01 },
    'the restore took 2.01 times as long as copying its files; allowed: at most 2 times',
  ],
])('%s is a failure', (_, change, sentence) => {
  expect(restoreFailures({ ...GOOD, ...change })).toEqual([sentence]);
});

test('the summary has the times, and the comparison with a copy only where it was measured', () => {
  expect(summarizeRestore(GOOD)).toContain('recovery time 1.80 s (restore 1.50 s');
  expect(summarizeRestore(GOOD)).toContain('1 of 1 broken copies refused');
  expect(summarizeRestore(GOOD)).not.toContain('GB');
  expect(summarizeRestore({ ...GOOD, copySeconds: 1.2, ratio: 1.25 })).toContain(
    '1.00 GB restored in 1.25 times the time that copying them takes (1.20 s)',
  );
});

test('tables differ by a missing row, a changed row or a missing table', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((table) => ({ table, rows: 1, checksum: '1' }));
  expect(differingTables([a!, b!, c!], [a!, { ...b!, rows: 2 }])).toEqual(['b', 'c']);
  expect(differingTables([a!], [{ ...a!, checksum: '2' }, b!])).toEqual(['a', 'b']);
  expect(differingTables([a!, b!], [b!, a!])).toEqual([]);
});
