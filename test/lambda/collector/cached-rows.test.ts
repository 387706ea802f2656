import type { Client } from 'pg';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { gauge, startMigratedCluster, testCollector } from '../../support/database/migrated-cluster';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});
/** A number that changes before each pass: what is published shows in which pass it was read. */
beforeEach(async () => {
  await admin.query('CREATE TABLE passes AS SELECT 0 AS n');
  await admin.query('GRANT SELECT ON passes TO metrics_user');
});
afterEach(() => admin.query('DROP TABLE passes'));
const nextPass = () => admin.query('UPDATE passes SET n = n + 1');

test('cached rows are published again until they expire', async () => {
  let now = Date.UTC(2026, 0, 1);
  const collector = testCollector(cluster, {
    queries: [gauge('cached', 'SELECT n FROM passes', { cacheSeconds: 120 })],
    now: () => new Date(now),
  });
  const seen: number[][] = [];
  for (const minutes of [0, 1, 2, 3, 4]) {
    now = Date.UTC(2026, 0, 1, 0, minutes);
    await nextPass();
    await collector.pass();
    seen.push(collector.values('cached_n'));
  }
  expect(seen).toEqual([[1], [1], [3], [3], [5]]);
});

test('a column whose type a migration changes fails at most one pass', async () => {
  await admin.query('CREATE TABLE changing AS SELECT 1::integer AS n');
  await admin.query('GRANT SELECT ON changing TO metrics_user');
  const collector = testCollector(cluster, { queries: [gauge('changing', 'SELECT n FROM changing')] });
  await collector.pass();
  await admin.query('ALTER TABLE changing ALTER n TYPE bigint');
  await expect(collector.pass()).rejects.toThrow('failed: changing on primary (0A000)');
  await collector.pass();
  expect(collector.values('changing_n')).toEqual([1]);
  await admin.query('DROP TABLE changing');
});

test('rows of the first pass are cached for different shares of their time, so that they do not expire together again', async () => {
  let now = Date.UTC(2026, 0, 1);
  const names = ['first', 'second', 'third'];
  const collector = testCollector(cluster, {
    queries: names.map((name) => gauge(name, 'SELECT n FROM passes', { cacheSeconds: 180 })),
    now: () => new Date(now),
  });
  const seen: number[][] = [];
  for (const minutes of [0, 1, 2, 3, 4, 5]) {
    // A pass may start slightly early.
    now = Date.UTC(2026, 0, 1, 0, minutes) - 10_000 * (minutes % 2);
    await nextPass();
    await collector.pass();
    seen.push(names.flatMap((name) => collector.values(`${name}_n`)));
  }
  expect(seen).toEqual([
    [1, 1, 1],
    [2, 1, 1],
    [2, 3, 1],
    [2, 3, 4],
    [5, 3, 4],
    [5, 6, 4],
  ]);
});
