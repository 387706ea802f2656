import type { Client } from 'pg';
import { logger } from '../../lambda/shared/logger';
import type { CollectedQuery } from '../../lib/contract/collected-query';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { loadQueries, type Query } from '../../lib/monitoring/queries';
import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import type { MetricSource } from '../../lib/monitoring/sources/source';
import { METRICS_LOGIN, startMigratedCluster, testCollector } from '../support/database/migrated-cluster';
import { scrape, scraped, testWithExporter } from '../support/monitoring/exporter';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let superuser: Client;

jest.setTimeout(60_000);
beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
  superuser = await cluster.connect(cluster.primary, cluster.superuser);
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
  await craft();
}, 60_000);
afterAll(async () => {
  await Promise.all([admin?.end(), superuser?.end()]);
  folder?.dispose();
});

/** Queries about the servers and the database, not about the application. */
const queries = loadQueries().filter(({ name, columns }) => {
  const sources: Readonly<Record<string, MetricSource>> = METRIC_SOURCES;
  const found = columns.flatMap((column) => sources[`${name}_${column.name}`] ?? []);
  return (
    /^pg_|^(table_bloat|unused_indexes|index_usage|backup_size)$/.test(name) && !found.some((each) => 'about' in each)
  );
});

/** Every column as a gauge of the primary, counters as read. */
function asGauges({ columns, ...query }: Query): CollectedQuery {
  return {
    ...{ ...query, cacheSeconds: 0, details: [] },
    labels: columns.flatMap(({ name, usage }) => (usage === 'LABEL' ? [name] : [])),
    metrics: columns
      .filter(({ usage }) => usage !== 'LABEL')
      .map(({ name }) => ({
        ...{ metric: `${query.name}_${name}`, column: name },
        ...{ kind: 'gauge', per: 'environment', servers: 'primary' },
      })),
  };
}

const SEQUENCES: [name: string, sql: string, used: number][] = [
  ['up', "CREATE SEQUENCE up AS smallint; SELECT setval('up', 24576)", 24576 / 32767],
  ['down', "CREATE SEQUENCE down AS smallint INCREMENT -1; SELECT setval('down', -16384)", 16384 / 32768],
  ['fresh', 'CREATE SEQUENCE fresh', 0],
  ['span', "CREATE SEQUENCE span MINVALUE 1001 MAXVALUE 1100; SELECT setval('span', 1050)", 0.5],
  ['negative', "CREATE SEQUENCE negative MINVALUE -100 MAXVALUE -1; SELECT setval('negative', -26)", 0.75],
  ['astride', "CREATE SEQUENCE astride MINVALUE -100 MAXVALUE 99 START 0; SELECT setval('astride', 49)", 0.75],
  ['last', "CREATE SEQUENCE last; SELECT setval('last', 9223372036854775807)", 1],
  ['to_zero', "CREATE SEQUENCE to_zero INCREMENT -1 MINVALUE 0 MAXVALUE 9 START 9; SELECT setval('to_zero', 2)", 0.8],
  ['whole', "CREATE SEQUENCE whole MINVALUE -9223372036854775808; SELECT setval('whole', -1)", 0.5],
  // 1, 11, 21 … 91: ten values, of which the last is used.
  ['steps', "CREATE SEQUENCE steps INCREMENT 10 MINVALUE 1 MAXVALUE 100; SELECT setval('steps', 91)", 1],
  [
    'feeds',
    "CREATE SEQUENCE feeds; CREATE TABLE fed (i int DEFAULT nextval('feeds')); SELECT setval('feeds', 2140000000)",
    2140000000 / 2147483647,
  ],
  [
    'owned',
    "CREATE SEQUENCE owned; CREATE TABLE owner (i smallint); ALTER SEQUENCE owned OWNED BY owner.i; SELECT setval('owned', 40000)",
    1,
  ],
  [
    'identity_int',
    "CREATE TABLE numbered_int (i int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME identity_int)); SELECT setval('identity_int', 1073741824)",
    1073741824 / 2147483647,
  ],
  [
    'identity',
    "CREATE TABLE numbered (i bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME identity)); SELECT setval('identity', 5)",
    5 / 9223372036854775807,
  ],
  [
    'round_int',
    "CREATE SEQUENCE round_int CYCLE; CREATE TABLE round_fed (i int DEFAULT nextval('round_int')); SELECT setval('round_int', 1073741824)",
    1073741824 / 2147483647,
  ],
];

/** Objects whose values are known. */
async function craft(): Promise<void> {
  for (const [, sql] of SEQUENCES) await admin.query(sql);
  await admin.query('CREATE SEQUENCE round CYCLE; CREATE SCHEMA billing; CREATE SEQUENCE billing.invoices AS smallint');
  await admin.query("SELECT setval('billing.invoices', 32767)");
  await admin.query('CREATE TABLE bloated (i int PRIMARY KEY) WITH (autovacuum_enabled = off)');
  await admin.query('INSERT INTO bloated SELECT generate_series(1, 12000); DELETE FROM bloated WHERE i <= 3000');
  await admin.query(
    "INSERT INTO database_sizes SELECT (now() AT TIME ZONE 'utc')::date - i, 1250 - 250 * i FROM generate_series(0, 1) AS i",
  );
  const broken = 'CREATE UNIQUE INDEX CONCURRENTLY broken ON bloated ((i / i))';
  await expect(admin.query(broken)).rejects.toMatchObject({ code: '23505' });
  await admin.query('SELECT pg_stat_force_next_flush()');
  await loseSlot();
}

/** Makes a slot that has lost what it kept, as when its replica does not return. */
async function loseSlot(): Promise<void> {
  await superuser.query("SELECT pg_create_physical_replication_slot('gone', true)");
  await superuser.query("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
  await superuser.query('SELECT pg_reload_conf(), pg_sleep(0.3)');
  const lost = "SELECT FROM pg_replication_slots WHERE slot_name = 'gone' AND wal_status = 'lost'";
  for (let tries = 0; tries < 20 && (await superuser.query(lost)).rowCount === 0; tries++) {
    await superuser.query(
      'SELECT pg_switch_wal(); INSERT INTO heartbeat VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET beat_at = now()',
    );
    await superuser.query('CHECKPOINT');
  }
  expect((await superuser.query(lost)).rowCount).toBe(1);
}

async function collected(): Promise<(metric: string) => number[]> {
  const collector = testCollector(cluster, { queries: queries.map(asGauges) });
  await collector.pass();
  return collector.values;
}

/** The value of each sequence by its name, as metrics_user reads it. */
async function usedRatios(): Promise<Record<string, number>> {
  const metrics = await cluster.connect(cluster.primary, METRICS_LOGIN);
  const sql = queries.find(({ name }) => name === 'pg_sequences')?.sql ?? '';
  const { rows } = await metrics.query<{ sequence: string; used_ratio: number }>(sql);
  await metrics.end();
  return Object.fromEntries(rows.map(({ sequence, used_ratio }) => [sequence, used_ratio]));
}

test('there are queries to compare', () => {
  expect(queries.length).toBeGreaterThan(14);
});

test('the used share of sequences of every range, direction, step and column', async () => {
  const ratios = await usedRatios();
  for (const [name, , used] of SEQUENCES)
    expect([name, ratios[`public.${name}`]]).toEqual([name, expect.closeTo(used, 9)]);
  // In a schema of a later migration; one that starts again is not counted.
  expect(ratios['billing.invoices']).toBe(1);
  expect(Object.keys(ratios)).toHaveLength(SEQUENCES.length + 1);
});

test('a sequence that metrics_user may not read fails the query by name, and the others are published', async () => {
  await superuser.query("CREATE SEQUENCE hidden_numbers; SELECT setval('hidden_numbers', 1)");
  const collector = testCollector(cluster, { queries: queries.map(asGauges) });
  await expect(collector.pass()).rejects.toThrow(
    'failed: pg_sequences on primary (column used_ratio (float8) has a value',
  );
  expect(collector.values('pg_sequences_used_ratio')).toHaveLength(SEQUENCES.length + 1);
  await superuser.query('DROP SEQUENCE hidden_numbers');
});

test('hand-computed values of the other objects', async () => {
  const values = await collected();
  expect(values('pg_slots_retained_bytes')).toContain(1024 * 1024);
  expect(values('pg_slots_total')).toEqual([2]);
  expect(values('pg_slots_inactive')).toEqual([1]);
  expect(values('table_bloat_dead_ratio')).toContain(0.25);
  expect(values('backup_size_growth_ratio')).toEqual([0.25]);
  expect(values('pg_replicas_connected')).toEqual([1]);
  expect(values('pg_indexes_invalid')).toEqual([1]);
  expect(values('pg_connections_maximum')).toEqual([
    Number((await admin.query<{ max_connections: string }>('SHOW max_connections')).rows[0]?.max_connections),
  ]);
});

/** Values that change between two looks, though nobody does anything. */
const MOVING =
  /^pg_(connections_used|server_uptime|transactions_|cache_|configuration_|transaction_id)|^index_usage_|^(table_bloat_size|unused_indexes_size)/;

testWithExporter('a real exporter on the primary has the same values', async () => {
  const values = await collected();
  const text = await scrape(folder, cluster, cluster.primary);
  const metrics = queries.flatMap(asGauges).flatMap(({ metrics }) => metrics.map(({ metric }) => metric));
  const compared = metrics.filter((metric) => !MOVING.test(metric) && metric !== 'pg_slots_retained_bytes');
  expect(compared.length).toBeGreaterThan(10);
  for (const metric of compared) expect([metric, scraped(text, metric)]).toEqual([metric, values(metric)]);
  for (const metric of metrics.filter((each) => MOVING.test(each))) {
    expect([metric, scraped(text, metric).length > 0]).toEqual([metric, values(metric).length > 0]);
  }
  expect(scraped(text, 'pg_slots_retained_bytes')).toContain(1024 * 1024);
});

test('a query of the primary has no row on a replica', async () => {
  const replica = await cluster.connect(cluster.replicas[0]!, METRICS_LOGIN);
  for (const { name, sql } of queries.filter(({ primaryOnly }) => primaryOnly)) {
    expect([name, (await replica.query(sql)).rows]).toEqual([name, []]);
  }
  await replica.end();
});

testWithExporter('so a real exporter on a replica has none of its series', async () => {
  const text = await scrape(folder, cluster, cluster.replicas[0]!);
  const metrics = queries.flatMap(asGauges).flatMap((query) => (query.primaryOnly ? query.metrics : []));
  expect(metrics.filter(({ metric }) => scraped(text, metric).length > 0)).toEqual([]);
  expect(scraped(text, 'pg_connections_used')).toHaveLength(1);
});
