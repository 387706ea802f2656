import type { Client } from 'pg';
import { logger } from '../../../lambda/shared/logger';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import {
  endCollectorSessions,
  gauge,
  startMigratedCluster,
  testCollector,
} from '../../support/database/migrated-cluster';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
const warned: unknown[] = [];

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  jest.spyOn(logger, 'warn').mockImplementation((...args: unknown[]) => void warned.push(args));
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});
beforeEach(() => warned.splice(0));
afterEach(() => endCollectorSessions(cluster));

/** What a pass with one query, and another that is well, publishes of the first, and with what it fails. */
async function passOf(sql: string): Promise<{ values: number[]; fault: string | undefined }> {
  const collector = testCollector(cluster, { queries: [gauge('odd', sql), gauge('good', 'SELECT 7 AS n')] });
  const fault = await collector.pass().then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  expect(collector.values('good_n')).toEqual([7]);
  expect(collector.values('collector_failed_queries')).toEqual([fault === undefined ? 0 : 1]);
  expect(collector.values('collector_passes')).toEqual([1]);
  return { values: collector.values('odd_n'), fault };
}

const DAY = 86_400;
const accepted: [string, string, number[]][] = [
  ['numeric, beyond 2^53 the nearest double', '123456789012345678901234567890.5::numeric', [1.2345678901234568e29]],
  ['the largest number of both editions of the documentation', '1.17e108::float8', [1.17e108]],
  ['timestamptz', "'1970-01-02 00:00:00.9+05:45'::timestamptz", [DAY - (5 * 60 + 45) * 60]],
  ['timestamp, which is UTC', "'1970-01-02 00:00:01'::timestamp", [DAY + 1]],
  ['a time before Christ', "'0001-01-01 00:00:00 BC'::timestamp", [-62_167_219_200]],
];
test.each(accepted)('%s is published', async (_, expression, values) => {
  expect(await passOf(`SELECT ${expression} AS n`)).toEqual({ values, fault: undefined });
});

test('times are the same in a zone and a style that a role was given', async () => {
  await admin.query(
    "ALTER ROLE metrics_user SET timezone = 'Asia/Kathmandu'; ALTER ROLE metrics_user SET datestyle = 'SQL, DMY'",
  );
  try {
    const { values } = await passOf("SELECT '1970-02-01 00:00:00+00'::timestamptz AS n");
    expect(values).toEqual([31 * DAY]);
  } finally {
    await admin.query('ALTER ROLE metrics_user RESET timezone; ALTER ROLE metrics_user RESET datestyle');
  }
});

const OUT = "has a value that is not a number or out of CloudWatch's range";
const refused: [string, string, string][] = [
  ['an array', "'{4711}'::int[]", 'column n is of the type with OID 1007, not a number, time or boolean'],
  ['infinity', "'-Infinity'::float8", `column n (float8) ${OUT}`],
  ['a time without an end', "'infinity'::timestamptz", `column n (timestamptz) ${OUT}`],
  ['more than 2^360', '1e109::float8', `column n (float8) ${OUT}`],
  ['less than 2^-360', '1e-200::float8', `column n (float8) ${OUT}`],
];
test.each(refused)('%s fails its query by name, with column and type', async (_, expression, fault) => {
  const result = await passOf(`SELECT ${expression} AS n`);
  expect(result).toEqual({ values: [], fault: `failed: odd on primary (${fault}); everything else was published` });
  expect(JSON.stringify(warned)).not.toMatch(/4711|5 minutes|00:05/);
});

test('the other rows and columns of the query are published, and a second pass with cached rows still fails', async () => {
  const odd = gauge('odd', "SELECT unnest(ARRAY['NaN', 'Infinity', NULL, '3']::float8[]) AS n", { cacheSeconds: 900 });
  const other = { ...odd.metrics[0]!, metric: 'odd_m', column: 'm' };
  const both = { ...odd, sql: `SELECT n, 2 AS m FROM (${odd.sql}) AS odd`, metrics: [...odd.metrics, other] };
  const collector = testCollector(cluster, { queries: [both] });
  for (let pass = 0; pass < 2; pass++) {
    await expect(collector.pass()).rejects.toThrow('failed: odd on primary (column n (float8)');
    expect(collector.values('odd_n')).toEqual([3]);
    expect(collector.values('odd_m')).toEqual([2, 2, 2, 2]);
  }
});

test('5,000 salons whose values all differ are published, in data of at most 150 values', async () => {
  const collector = testCollector(cluster, {
    queries: [gauge('many', 'SELECT i + 0.123456789 AS n FROM generate_series(1, 5000) AS i')],
  });
  await collector.pass();
  const data = collector.published().filter(({ metric }) => metric === 'many_n');
  expect(data.length).toBe(Math.ceil(5000 / 150));
  expect(collector.values('many_n')).toHaveLength(5000);
});
