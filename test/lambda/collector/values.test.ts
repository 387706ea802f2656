import type { Client } from 'pg';
import { logger } from '../../../lambda/shared/logger';
import { loadCollection } from '../../../lib/monitoring/collection';
import { loadQueries } from '../../../lib/monitoring/queries';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { startMigratedCluster, testCollector } from '../../support/database/migrated-cluster';
import { Rows, UTC_NOW } from '../../support/database/rows';

jest.setTimeout(30_000);
jest.spyOn(logger, 'info').mockImplementation(() => undefined);

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let rows: Rows;

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
  await admin.query("SET timezone = 'UTC'");
  rows = new Rows(admin);
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});
beforeEach(() => rows.clear());

test('an idle replica has no lag; a replica that has lost its stream has, even when it has replayed all that it received', async () => {
  const collector = testCollector(cluster);
  await collector.pass();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [replica] = cluster.replicas;
  if (!replica) throw new Error('no replica');
  const client = await cluster.connect(replica, cluster.superuser);
  const lag = async () => {
    const sql = loadQueries().find(({ name }) => name === 'replication_lag')?.sql ?? '';
    return Number((await client.query<{ lag_seconds: string }>(sql)).rows[0]?.lag_seconds);
  };
  expect(await lag()).toBe(0);

  await client.query("ALTER SYSTEM SET primary_conninfo = ''");
  await client.query('SELECT pg_reload_conf()');
  for (let tries = 0; tries < 50 && (await lag()) === 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await lag()).toBeGreaterThan(1);
  await collector.pass();
  expect(collector.values('replication_lag_lag_seconds', 'replica-1')[0]).toBeGreaterThan(1);
  expect(collector.values('pg_replicas_connected')).toEqual([0]);
  expect(collector.values('pg_slots_inactive')).toEqual([1]);

  await client.query('ALTER SYSTEM RESET primary_conninfo');
  await client.query('SELECT pg_reload_conf()');
  for (let tries = 0; tries < 100 && (await lag()) > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await lag()).toBe(0);
  await client.end();
}, 30_000);

test('the published values equal those of a direct query', async () => {
  for (let i = 1; i <= 200; i++) await rows.salon(`s${i}`);
  await admin.query(`INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, status, cost, created_at)
    SELECT i || '-' || j, 's' || i, 'INBOUND', '+1', 'TEXT', 'x', 'READ', 0.01 * i, ${UTC_NOW} - interval '2 minutes'
      FROM generate_series(1, 200) AS i, generate_series(1, 1 + i % 3) AS j`);
  await admin.query("INSERT INTO salon_capacities VALUES ('s1', 1, 43200, '2026-01-01')");
  await rows.booking('s1', '10:00', '11:00');
  await rows.booking('s1', '10:30', '11:00');
  const collector = testCollector(cluster);
  await collector.pass();
  const direct = async (sql: string) =>
    (await admin.query<{ n: string }>(sql)).rows.map(({ n }) => Number(n)).sort((a, b) => a - b);
  expect(collector.values('messages_total_count')).toEqual(
    await direct('SELECT count(*) AS n FROM messages GROUP BY salon_id'),
  );
  // Over 150 different values: more than one datum holds.
  const costs = await direct('SELECT sum(cost) AS n FROM messages GROUP BY salon_id');
  expect(new Set(costs).size).toBeGreaterThan(150);
  expect(collector.published().filter(({ metric }) => metric === 'message_cost_total_cost').length).toBeGreaterThan(1);
  expect(collector.values('message_cost_total_cost')).toEqual(costs);
  expect(collector.values('booking_conflicts_conflict_count')).toEqual([2]);
  expect(collector.values('pg_slots_inactive')).toEqual([0]);
  expect(collector.values('pg_replicas_connected')).toEqual([1]);
});

test('counters are published as growth and fingerprints as changes, both from the second pass', async () => {
  // As before the first pass of any collector.
  await admin.query('TRUNCATE collector_state');
  const collector = testCollector(cluster);
  await collector.pass();
  for (const metric of ['pg_deadlocks_total', 'pg_configuration_fingerprint'])
    expect(collector.values(metric)).toEqual([]);
  await collector.pass();
  expect(collector.values('pg_deadlocks_total')).toEqual([0]);
  expect(collector.values('pg_configuration_fingerprint')).toEqual([0, 0]);
  const superuser = await cluster.connect(cluster.primary, cluster.superuser);
  try {
    await superuser.query("ALTER SYSTEM SET work_mem = '5MB'");
    await superuser.query('SELECT pg_reload_conf()');
    await superuser.query('ALTER SYSTEM SET max_connections = 120');
    await superuser.query('SELECT pg_reload_conf(), pg_sleep(0.5)');
    await collector.pass();
    expect(collector.values('pg_configuration_fingerprint')).toEqual([0, 1]);
    expect(collector.values('pg_configuration_pending_restart')).toEqual([0, 1]);
    await collector.pass();
    expect(collector.values('pg_configuration_fingerprint')).toEqual([0, 0]);
  } finally {
    await superuser.query('ALTER SYSTEM RESET ALL');
    await superuser.query('SELECT pg_reload_conf()');
    await superuser.end();
  }
});

test('no query of the whole collection fails', async () => {
  const collector = testCollector(cluster);
  await collector.pass();
  expect(collector.values('collector_failed_queries')).toEqual([0]);
  expect(loadCollection().length).toBeGreaterThan(20);
});
