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

jest.setTimeout(20_000);
beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
  await admin.query('CREATE TABLE event_counts (n bigint); GRANT SELECT ON event_counts TO metrics_user');
  for (const level of ['info', 'warn'] as const) jest.spyOn(logger, level).mockImplementation(() => undefined);
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});
beforeEach(async () => {
  await admin.query('TRUNCATE event_counts, collector_state; INSERT INTO event_counts VALUES (5)');
});

afterEach(() => endCollectorSessions(cluster));

/** Sets the counter, and waits until the replica has it. */
async function count(n: number): Promise<void> {
  await admin.query('UPDATE event_counts SET n = $1', [n]);
  const { rows } = await admin.query<{ lsn: string }>('SELECT pg_current_wal_lsn() AS lsn');
  const [replica] = cluster.replicas;
  if (!replica) throw new Error('no replica');
  const client = await cluster.connect(replica, cluster.superuser);
  const arrived = 'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS yes';
  while (!(await client.query<{ yes: boolean }>(arrived, [rows[0]?.lsn])).rows[0]?.yes);
  await client.end();
}

const SQL = 'SELECT n FROM event_counts';
const metric = { metric: 'events_n', column: 'n', kind: 'counter', per: 'server', servers: 'all' } as const;
const events = gauge('events', SQL, { primaryOnly: false, metrics: [metric] });
const setting = gauge('setting', SQL, {
  metrics: [{ metric: 'setting_n', column: 'n', kind: 'fingerprint', per: 'environment', servers: 'primary' }],
});
const queries = [events, setting];
const growth = (collector: ReturnType<typeof testCollector>) =>
  ['primary', 'replica-1'].map((server) => collector.values('events_n', server));

test('the first pass of an environment counts nothing', async () => {
  const collector = testCollector(cluster, { queries });
  await collector.pass();
  expect([growth(collector), collector.values('setting_n')]).toEqual([[[], []], []]);
});

test('a new instance tells what happened before its first pass, of replicas too', async () => {
  await testCollector(cluster, { queries }).pass();
  await count(7);
  const next = testCollector(cluster, { queries });
  await next.pass();
  expect([growth(next), next.values('setting_n')]).toEqual([[[2], [2]], [1]]);
  await next.pass();
  expect([growth(next), next.values('setting_n')]).toEqual([[[0], [0]], [0]]);
});

test('while the state cannot be kept nothing is counted, and afterwards all of it', async () => {
  const collector = testCollector(cluster, { queries });
  await collector.pass();
  await count(9);
  await admin.query('REVOKE UPDATE ON collector_state FROM metrics_user');
  await expect(collector.pass()).rejects.toThrow('failed: collector_state on primary (42501); everything else');
  expect(growth(collector)).toEqual([[], []]);
  expect(collector.values('collector_failed_queries')).toEqual([1]);
  await admin.query('GRANT UPDATE ON collector_state TO metrics_user');
  await collector.pass();
  expect(growth(collector)).toEqual([[4], [4]]);
});

test('while the primary is down nothing is counted, and afterwards all of it', async () => {
  await testCollector(cluster, { queries }).pass();
  await count(8);
  const settings = {
    ...{ environment: 'test', database: 'whatsapp_saas', region: 'local' },
    servers: [cluster.primary, ...cluster.replicas].map(({ name, host, port }) => ({
      ...{ name, host },
      port: name === 'primary' ? 1 : port,
    })),
  };
  const during = testCollector(cluster, { queries, settings });
  await during.pass();
  expect([during.values('pg_up', 'primary'), growth(during)]).toEqual([[0], [[], []]]);
  const after = testCollector(cluster, { queries });
  await after.pass();
  expect(growth(after)).toEqual([[3], [3]]);
});

test('what was counted is published by the next pass when CloudWatch refuses it', async () => {
  let isRefusing = false;
  const published: string[] = [];
  const cloudWatch = {
    send: (command: unknown) => {
      if (isRefusing) return Promise.reject(new Error('throttled'));
      const { MetricData } = (command as { input: { MetricData: { MetricName: string; Values: number[] }[] } }).input;
      published.push(...MetricData.map(({ MetricName, Values }) => `${MetricName} ${Values.join()}`));
      return Promise.resolve({});
    },
  };
  const collector = testCollector(cluster, { queries: [setting], cloudWatch });
  await collector.pass();
  await count(6);
  isRefusing = true;
  await expect(collector.pass()).rejects.toThrow('throttled');
  isRefusing = false;
  await collector.pass();
  await collector.pass();
  expect(published.filter((each) => each.startsWith('setting_n'))).toEqual([
    'setting_n 1',
    'setting_n 0',
    'setting_n 0',
  ]);
});
