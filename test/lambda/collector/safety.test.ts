import type { Client } from 'pg';
import { logger } from '../../../lambda/shared/logger';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { gauge, startMigratedCluster, testCollector } from '../../support/database/migrated-cluster';

jest.setTimeout(30_000);
jest.spyOn(logger, 'info').mockImplementation(() => undefined);
jest.spyOn(logger, 'warn').mockImplementation(() => undefined);

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  await admin.query(
    'CREATE TABLE counted (value int); INSERT INTO counted VALUES (0); GRANT SELECT ON counted TO metrics_user',
  );
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});
beforeEach(async () => {
  await admin.query('TRUNCATE collector_state');
  // Each collector keeps its session, and the role has few.
  await admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'metrics_user'");
});

/** A counter that a test sets. */
const counter = gauge('q', 'SELECT value AS n FROM counted', {
  metrics: [{ metric: 'q_n', column: 'n', kind: 'counter', per: 'environment', servers: 'primary' }],
});
const newCollector = () => testCollector(cluster, { queries: [counter] });
const count = (value: number) => admin.query('UPDATE counted SET value = $1', [value]);

/** The error of a pass with these queries beside one that works; what it published. */
async function passOf(...queries: ReturnType<typeof gauge>[]) {
  const collector = testCollector(cluster, { queries: [...queries, gauge('well', 'SELECT 7 AS n')] });
  const error = await collector.pass().then(
    () => '',
    (reason: unknown) => String(reason),
  );
  expect(collector.values('well_n')).toEqual([7]);
  return { error, values: collector.values('q_n'), failed: collector.values('collector_failed_queries') };
}

describe('the type of a column', () => {
  const published: [string, string, number[]][] = [
    ['integers, numeric and float', 'SELECT n FROM (VALUES (1::int8), (2)) AS v (n)', [1, 2]],
    ['numeric', 'SELECT 1.5::numeric AS n', [1.5]],
    ['an integer beyond 2^53, rounded', 'SELECT 9007199254740993 AS n', [9007199254740992]],
    ['timestamptz as seconds since 1970', "SELECT timestamptz '2026-01-01 00:00:00+01' AS n", [1767222000]],
    ['timestamp as UTC', "SELECT timestamp '2026-01-01 00:00:00' AS n", [1767225600]],
    ['date', "SELECT date '2026-01-01' AS n", [1767225600]],
    ['boolean as 1 and 0', 'SELECT n FROM (VALUES (true), (false)) AS v (n)', [0, 1]],
    ['NULL as nothing', 'SELECT NULL::int AS n', []],
  ];
  test.each(published)('%s', async (_, sql, values) => {
    expect(await passOf(gauge('q', sql))).toEqual({ error: '', values, failed: [0] });
  });

  const refused: [string, string, string][] = [
    ['interval', "SELECT interval '1 hour' AS n", 'column n is interval, not a number, time or boolean'],
    ['text', "SELECT 'secret'::text AS n", 'column n is text, not a number, time or boolean'],
    ['NaN', "SELECT 'NaN'::float8 AS n", 'column n (float8) has a value that is not a number'],
    ['infinity', "SELECT 'Infinity'::float8 AS n", 'column n (float8) has a value that is not a number'],
    [
      'a numeric beyond a double',
      'SELECT 10::numeric ^ 400 AS n',
      'column n (numeric) has a value that is not a number',
    ],
    [
      "a value beyond CloudWatch's range",
      'SELECT 1e200::float8 AS n',
      'column n (float8) has a value that is not a number',
    ],
    ['a column that is not there', 'SELECT 1 AS other', 'there is no column n'],
  ];
  test.each(refused)('%s fails by name, without its value', async (_, sql, reason) => {
    const { error, values, failed } = await passOf(gauge('q', sql));
    expect([values, failed]).toEqual([[], [1]]);
    expect(error).toContain(`q on primary (${reason}`);
    expect(error).not.toContain('secret');
  });

  test('one bad value does not take the others of its query with it', async () => {
    const { values, failed } = await passOf(gauge('q', "SELECT n FROM (VALUES (1::float8), ('NaN'), (3)) AS v (n)"));
    expect([values, failed]).toEqual([[1, 3], [1]]);
  });
});

describe('a query of the catalogue', () => {
  test('cannot write', async () => {
    await admin.query('GRANT ALL ON salons TO metrics_user');
    try {
      const sql = "WITH gone AS (UPDATE salons SET name = 'x' RETURNING 1) SELECT count(*) AS n FROM gone";
      expect(await passOf(gauge('q', sql))).toMatchObject({
        error: 'Error: failed: q on primary (25006); everything else was published',
        failed: [1],
      });
    } finally {
      await admin.query('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON salons FROM metrics_user');
    }
  });

  test('leaves no lock behind', async () => {
    await passOf(gauge('q', 'SELECT 1 AS n FROM pg_advisory_lock(4711)'));
    const { rows } = await admin.query("SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'");
    expect(rows).toEqual([{ count: 0 }]);
  });
});

test('counters: what happens while a new instance starts is counted by it, once', async () => {
  await count(10);
  const before = newCollector();
  await before.pass();
  expect(before.values('q_n')).toEqual([]);
  await count(13);
  const after = newCollector();
  await after.pass();
  expect(after.values('q_n')).toEqual([3]);
  await before.pass();
  expect(before.values('q_n')).toEqual([0]);
});

test('counters: two instances at once count nothing twice, and lose nothing', async () => {
  await count(0);
  const [one, other] = [newCollector(), newCollector()];
  await one.pass();
  await other.pass();
  let total = 0;
  for (const value of [5, 9, 20]) {
    await count(value);
    await Promise.all([one.pass(), other.pass()]);
    total += [...one.values('q_n'), ...other.values('q_n')].reduce((sum, each) => sum + each, 0);
  }
  await one.pass();
  total += one.values('q_n').reduce((sum, each) => sum + each, 0);
  expect(total).toBe(20);
});

test('counters: a counter that was reset counts from 0', async () => {
  await count(100);
  const collector = newCollector();
  await collector.pass();
  await count(4);
  await collector.pass();
  expect(collector.values('q_n')).toEqual([4]);
});

test('counters: without its table everything else is published, and the failure names it', async () => {
  await admin.query('ALTER TABLE collector_state RENAME TO elsewhere');
  try {
    const { error, failed } = await passOf();
    expect([error, failed]).toEqual([
      'Error: failed: collector_state on primary (42P01); everything else was published',
      [1],
    ]);
  } finally {
    await admin.query('ALTER TABLE elsewhere RENAME TO collector_state');
  }
});
