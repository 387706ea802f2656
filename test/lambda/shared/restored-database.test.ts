import { compare, comparedUntil, faultsOf, reachFaults } from '../../../lambda/shared/restored-database/decide';
import type { DatabaseIntegrity, TableRows } from '../../../lambda/shared/restored-database/read';

const UNTIL = new Date('2026-11-24T12:00:00Z');
const before = (seconds: number) => new Date(UNTIL.getTime() - seconds * 1000);
const rows = (count: number, newest: Date | null = before(10), table = 'messages'): TableRows => ({
  table,
  rows: count,
  newest: newest ?? undefined,
});
const migration = { name: '1_first', finishedAt: before(1000) };

const COMPLETE: DatabaseIntegrity = {
  finishedMigrations: [migration],
  unfinishedMigrations: [],
  heartbeatAt: UNTIL,
  unvalidatedConstraints: [],
  orphans: [],
  invalidIndexes: [],
  dataChecksums: false,
  missingApplicationRights: [],
  excessRights: [],
};

/** Faults of a restored database's rows against its source's rows and migrations. */
function faults(found: TableRows[], expected: TableRows[], made = [migration]): readonly string[] {
  const restored = { finishedMigrations: [migration], rows: found };
  return compare(restored, { finishedMigrations: made, rows: expected }, UNTIL).faults;
}

test('a complete database has no fault, whether its pages have checksums or not', () => {
  expect(faultsOf(COMPLETE)).toEqual([]);
  expect(faultsOf({ ...COMPLETE, dataChecksums: true })).toEqual([]);
});

test.each<[Partial<DatabaseIntegrity>, string]>([
  [{ finishedMigrations: [] }, 'the migration history is empty'],
  [{ unfinishedMigrations: ['a', 'b'] }, 'migrations began and did not finish: a, b'],
  [{ heartbeatAt: undefined }, 'there is no heartbeat, so it is unknown how far the data reaches'],
  [{ unvalidatedConstraints: ['k'] }, 'constraints are not validated: k'],
  [{ orphans: [{ foreignKey: 'k', rows: 3 }] }, '3 rows of k point to nothing'],
  [{ invalidIndexes: ['i'] }, 'indexes are invalid: i'],
  [{ missingApplicationRights: ['DELETE on bookings'] }, 'app_user may not: DELETE on bookings'],
  [{ excessRights: ['app_user is a superuser'] }, 'roles may do what they must not: app_user is a superuser'],
])('%j is a fault', (change, sentence) => expect(faultsOf({ ...COMPLETE, ...change })).toEqual([sentence]));

test('data that ends long before the moment that it should reach is a fault', () => {
  const reach = { at: UNTIL, toleranceMs: 3_600_000 };
  expect(reachFaults(before(3600), reach)).toEqual([]);
  // Clocks of two machines differ.
  expect(reachFaults(before(-5), reach)).toEqual([]);
  // That there is no heartbeat is a fault of its own.
  expect(reachFaults(undefined, reach)).toEqual([]);
  expect(reachFaults(before(3601), { ...reach })).toEqual([
    expect.stringMatching(
      /^the newest heartbeat is of 2026-11-24T10:59:59.000Z, 1.0 h before 2026-11-24T12:00:00.000Z; allowed: 1.0 h\./,
    ),
  ]);
});

test('rows of the last minute before the heartbeat are not compared', () => {
  expect(comparedUntil(UNTIL)).toEqual(before(60));
});

describe('a restored database', () => {
  test('with as many rows is complete, and with more, because the source deletes', () => {
    expect(faults([rows(10)], [rows(10)])).toEqual([]);
    expect(faults([rows(10)], [rows(9, before(60))])).toEqual([]);
    expect(faults([rows(10)], [rows(0, null)])).toEqual([]);
  });

  test('may lack one row of a thousand, written to the source later with an earlier time', () => {
    expect(faults([rows(999)], [rows(1000)])).toEqual([]);
    expect(faults([rows(998)], [rows(1000)])).toEqual([
      'messages has 998 rows, 2 fewer than the source; allowed: 0.1 % fewer',
    ]);
    expect(faults([rows(9)], [rows(10)])).toHaveLength(1);
  });

  test('may not lack the newest rows', () => {
    expect(faults([rows(999, before(3600))], [rows(1000)])).toEqual([
      'the newest row of messages is of 2026-11-24T11:00:00.000Z, and of 2026-11-24T11:59:50.000Z in the source',
    ]);
  });

  test('may have a table that the source dropped', () => {
    expect(faults([rows(10)], [])).toEqual([]);
  });

  test('may lack an empty table only where the source was migrated later', () => {
    const later = [migration, { name: '2_later', finishedAt: before(-5) }];
    expect(faults([], [rows(0, null)], later)).toEqual([]);
    expect(faults([], [rows(5)], later)).toEqual(['messages is missing, and the source has 5 rows of it']);
    expect(faults([], [rows(0, null)])).toEqual(['messages is missing, and the source has 0 rows of it']);
  });

  test('must have every migration that the source had finished', () => {
    expect(faults([], [], [migration, { name: '2_later', finishedAt: before(-5) }])).toEqual([]);
    expect(faults([], [], [migration, { name: '2_then', finishedAt: before(5) }])).toEqual([
      'migrations of the source are missing: 2_then',
    ]);
  });

  test('is reported by table', () => {
    const restored = { ...COMPLETE, rows: [rows(1, before(1), 'a'), rows(2, null, 'c')] };
    const source = { ...COMPLETE, rows: [rows(3, before(1), 'b'), rows(1, before(1), 'a')] };
    expect(compare(restored, source, UNTIL).tables).toEqual([
      { table: 'a', restoredRows: 1, sourceRows: 1, newest: '2026-11-24T11:59:59.000Z' },
      { table: 'b', restoredRows: undefined, sourceRows: 3 },
      { table: 'c', restoredRows: 2, sourceRows: undefined },
    ]);
  });
});
