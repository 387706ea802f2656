import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { Client } from 'pg';
import { logger } from '../../../lambda/shared/logger';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { Rows } from '../../support/database/rows';
import {
  DATABASE,
  endCollectorSessions,
  gauge as query,
  startMigratedCluster,
  testCollector,
} from '../../support/database/migrated-cluster';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let superuser: Client;
const logged: { message: string; fields: Record<string, unknown> }[] = [];

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
  superuser = await cluster.connect(cluster.primary, cluster.superuser);
  for (const level of ['info', 'warn'] as const) {
    jest.spyOn(logger, level).mockImplementation((...args: unknown[]) => {
      const [message, fields] = args;
      logged.push({ message: String(message), fields: (fields ?? {}) as Record<string, unknown> });
    });
  }
}, 60_000);
afterAll(async () => {
  await Promise.all([admin?.end(), superuser?.end()]);
  folder?.dispose();
});
beforeEach(async () => {
  logged.splice(0);
  await new Rows(admin).clear();
  await endCollectorSessions(cluster);
});
jest.setTimeout(15_000);

async function sessions(): Promise<number> {
  const { rows } = await admin.query<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'collector'",
  );
  return Number(rows[0]?.count);
}

const up = (collector: ReturnType<typeof testCollector>) =>
  ['primary', 'replica-1'].map((server) => collector.values('pg_up', server));

test('keeps one session per server, reports a server that dies, and still publishes the others', async () => {
  const collector = testCollector(cluster);
  await collector.pass();
  await collector.pass();
  expect(up(collector)).toEqual([[1], [1]]);
  expect(await sessions()).toBe(1);

  await cluster.replicas[0]?.kill();
  await collector.pass();
  expect(up(collector)).toEqual([[1], [0]]);
  expect(collector.values('pg_connections_used', 'primary')).toHaveLength(1);
  const ofReplica = collector.published().filter(({ server }) => server === 'replica-1');
  expect(ofReplica.map(({ metric }) => metric)).toEqual(['pg_up']);
  expect(logged).toContainEqual({ message: 'server is down', fields: { server: 'replica-1', reason: 'ECONNREFUSED' } });
  await cluster.replicas[0]?.start();
  await collector.pass();
  expect(up(collector)).toEqual([[1], [1]]);
}, 30_000);

test('a session that ended since the last pass does not count as an outage', async () => {
  const collector = testCollector(cluster);
  await collector.pass();
  await endCollectorSessions(cluster);
  await collector.pass();
  expect(up(collector)).toEqual([[1], [1]]);
});

test('a server that refuses the log-in counts as down, and the pass still counts', async () => {
  const collector = testCollector(cluster, { password: () => Promise.resolve('wrong') });
  await collector.pass();
  expect(up(collector)).toEqual([[0], [0]]);
  expect(collector.values('collector_passes')).toEqual([1]);
  expect(logged).toContainEqual({ message: 'server is down', fields: { server: 'primary', reason: '28P01' } });
});

test('a server without a token counts as down, and the others are published', async () => {
  const password = ({ name }: { name: string }) =>
    name === 'primary' ? Promise.reject(new Error('no credentials')) : Promise.resolve('metrics-password');
  const collector = testCollector(cluster, { password });
  await collector.pass();
  expect(up(collector)).toEqual([[0], [1]]);
});

describe('a server that accepts connections and never answers', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => silent.close());

  test('is down within the time of a pass, and the others are published', async () => {
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { host, port } = cluster.primary;
    const collector = testCollector(cluster, {
      settings: {
        environment: 'test',
        database: DATABASE,
        region: 'local',
        servers: [
          { name: 'primary', host, port },
          { name: 'replica-1', host: '127.0.0.1', port: address.port },
        ],
      },
    });
    const begun = Date.now();
    await collector.pass();
    expect(Date.now() - begun).toBeLessThan(12_000);
    expect(up(collector)).toEqual([[1], [0]]);
    expect(collector.values('bookings_total_count')).toEqual([]);
    expect(collector.values('pg_replicas_connected')).toEqual([1]);
  }, 20_000);
});

describe('a query that fails', () => {
  const good = query('good', 'SELECT 7 AS n');
  const secret = query('secret', "SELECT customer_name AS n FROM bookings WHERE notes = 'a text'");

  test('does not stop the others, is counted and named without its SQL, and fails the pass after everything else is published', async () => {
    const collector = testCollector(cluster, { queries: [secret, good] });
    await expect(collector.pass()).rejects.toThrow('failed: secret on primary (42501); everything else was published');
    expect(collector.values('good_n')).toEqual([7]);
    expect(collector.values('collector_failed_queries')).toEqual([1]);
    expect(collector.values('collector_passes')).toEqual([1]);
    expect(logged).toContainEqual({
      message: 'query failed',
      fields: { server: 'primary', query: 'secret', reason: '42501' },
    });
    expect(JSON.stringify(logged)).not.toMatch(/customer_name|a text|metrics-password/);
  });

  test('because it takes too long is cancelled by the server, and the others are published', async () => {
    const collector = testCollector(cluster, { queries: [query('slow', 'SELECT pg_sleep(30) AS n'), good] });
    await expect(collector.pass()).rejects.toThrow('slow on primary (57014)');
    expect(collector.values('good_n')).toEqual([7]);
  }, 15_000);

  test('repeatedly and slowly ends the pass in time, without the remaining queries', async () => {
    const slow = ['a', 'b', 'c', 'd', 'e'].map((name) => query(name, 'SELECT pg_sleep(30) AS n'));
    const begun = Date.now();
    const collector = testCollector(cluster, { queries: [...slow, good] });
    await expect(collector.pass()).rejects.toThrow('good on primary (the pass was out of time)');
    expect(Date.now() - begun).toBeLessThan(25_000);
    expect(up(collector)).toEqual([[1], [1]]);
  }, 40_000);
});

test('writes a heartbeat in each pass and one size per day, only on the primary', async () => {
  await admin.query('TRUNCATE heartbeat, database_sizes');
  const collector = testCollector(cluster);
  await collector.pass();
  await collector.pass();
  const beat = await admin.query("SELECT beats, beat_at > now() - interval '10 seconds' AS fresh FROM heartbeat");
  expect(beat.rows).toEqual([{ beats: '2', fresh: true }]);
  const sizes = await admin.query(
    "SELECT day = (now() AT TIME ZONE 'utc')::date AS today, bytes > 1000000 AS plausible FROM database_sizes",
  );
  expect(sizes.rows).toEqual([{ today: true, plausible: true }]);
});

test('a heartbeat that cannot be written fails the pass, and everything else is published', async () => {
  await admin.query('REVOKE UPDATE ON heartbeat FROM metrics_user');
  try {
    const collector = testCollector(cluster);
    await expect(collector.pass()).rejects.toThrow('failed: heartbeat on primary (42501)');
    expect(collector.values('collector_failed_queries')).toEqual([1]);
    expect(collector.values('pg_replicas_connected')).toEqual([1]);
  } finally {
    await admin.query('GRANT UPDATE ON heartbeat TO metrics_user');
  }
});

test('a request that CloudWatch refuses fails the pass, and collector_passes is not published', async () => {
  const sent: string[] = [];
  const many = query('many', 'SELECT i + 0.123456789 AS n FROM generate_series(1, 120000) AS i');
  const collector = testCollector(cluster, {
    queries: [many],
    cloudWatch: {
      send: (command: unknown) => {
        sent.push(JSON.stringify(command));
        return sent.length === 2 ? Promise.reject(new Error('throttled')) : Promise.resolve({});
      },
    },
  });
  await expect(collector.pass()).rejects.toThrow('throttled');
  expect(sent).toHaveLength(2);
  expect(sent.some((request) => request.includes('collector_passes'))).toBe(false);
});

test('the primary is the server that takes writes, whatever its name', async () => {
  const [replica] = cluster.replicas;
  if (!replica) throw new Error('no replica');
  const { host, port } = cluster.primary;
  // As after a promotion of replica-1, with the old primary rebuilt as its replica.
  const servers = [
    { name: 'primary', host: replica.host, port: replica.port },
    { name: 'replica-1', host, port },
  ];
  const settings = { environment: 'test', database: DATABASE, region: 'local', servers };
  const collector = testCollector(cluster, { settings });
  await collector.pass();
  expect(collector.values('pg_replicas_connected')).toEqual([1]);
  expect(collector.values('replication_lag_lag_seconds', 'primary')).toHaveLength(1);
  expect(collector.values('replication_lag_lag_seconds', 'replica-1')).toEqual([]);
});

test('the log names the worst salons by their ids alone', async () => {
  await admin.query(`INSERT INTO salons (id, name, phone_number_id, access_token, updated_at)
    SELECT 'salon-' || i, 'Name of a salon', i::text, 'token of a salon', now() FROM generate_series(1, 9) AS i`);
  await admin.query(`INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content, status, created_at)
    SELECT i || '-' || j, 'salon-' || i, 'OUTBOUND', '+100', 'TEXT', 'text of a customer',
           (CASE WHEN j <= 10 THEN 'FAILED' ELSE 'SENT' END)::"MessageStatus",
           now() AT TIME ZONE 'utc' - interval '10 minutes' + j * interval '1 second'
      FROM generate_series(1, 9) AS i, generate_series(1, 10 + 10 * i) AS j`);
  const collector = testCollector(cluster);
  await collector.pass();
  const worst = logged.find(({ message }) => message === 'worst salons')?.fields['worst'] as Record<string, unknown>;
  expect(worst['failed_messages_failed_ratio']).toEqual(
    [1, 2, 3, 4, 5].map((i) => ({
      salon_id: `salon-${i}`,
      value: 10 / (10 + 10 * i),
      failed_count: 10,
      message_count: 10 + 10 * i,
    })),
  );
  expect(JSON.stringify(logged)).not.toMatch(/Name of|token of|text of|\+100/);
});
