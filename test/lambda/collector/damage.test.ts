import type { Client } from 'pg';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { killProcess, readDamagedPage } from '../../../lib/rehearsal/scenarios/damage';
import { startMigratedCluster, testCollector } from '../../support/database/migrated-cluster';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  admin.on('error', () => undefined);
}, 60_000);
afterAll(async () => {
  await admin?.end().catch(() => undefined);
  folder?.dispose();
});

test('a damaged page that was read is counted once', async () => {
  const collector = testCollector(cluster);
  await collector.pass();
  await readDamagedPage({ cluster, admin });
  await collector.pass();
  expect(collector.values('pg_checksums_failures_total')).toEqual([1]);
  await collector.pass();
  expect(collector.values('pg_checksums_failures_total')).toEqual([0]);
});

// The main process stays, so its start tells nothing of the crash.
test('a crash that the main process survives is a restart', async () => {
  const age = 'SELECT EXTRACT(epoch FROM now() - pg_postmaster_start_time())::float8 AS age';
  await admin.query('SELECT pg_sleep(1)');
  await killProcess({ cluster });
  const since = Date.now();
  const session = await cluster.connect(cluster.primary);
  const collector = testCollector(cluster);
  await collector.pass();
  const [uptime] = collector.values('pg_server_uptime_seconds');
  const { rows } = await session.query<{ age: number }>(age);
  await session.end();
  expect(uptime).toBeLessThan(rows[0]!.age - 0.9);
  expect(uptime).toBeLessThan((Date.now() - since) / 1000 + 1);
}, 30_000);
