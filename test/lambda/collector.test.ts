import type { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { createHandler } from '../../lambda/collector';
import { readEnv } from '../../lambda/collector/env';
import { readRdsCa } from '../../lambda/shared/rds-ca';
import { type Cluster, startCluster } from '../../lib/rehearsal/postgres/cluster';
import { RunFolder } from '../../lib/rehearsal/postgres/run-folder';

const PASSWORD = 'metrics-password';
let folder: RunFolder;
let cluster: Cluster;
let published: Record<string, number>[] = [];

beforeAll(async () => {
  folder = new RunFolder();
  cluster = await startCluster({
    folder,
    replicas: 1,
    database: 'whatsapp_saas',
    master: { user: 'database_admin', password: 'x' },
  });
  const admin = await cluster.connect(cluster.primary);
  await admin.query(`CREATE ROLE metrics_user LOGIN PASSWORD '${PASSWORD}'`);
  await admin.end();
}, 60_000);
afterAll(() => folder?.dispose());
beforeEach(() => (published = []));

function collector(password = PASSWORD): () => Promise<void> {
  return createHandler({
    settings: {
      environment: 'test',
      database: 'whatsapp_saas',
      region: 'local',
      servers: [cluster.primary, ...cluster.replicas].map(({ name, host, port }) => ({ name, host, port })),
    },
    cloudWatch: {
      send: (command: unknown) => {
        const { Namespace, MetricData = [] } = (command as PutMetricDataCommand).input;
        expect(Namespace).toBe('WhatsAppSaaS/PostgreSQL');
        published.push(
          Object.fromEntries(MetricData.map(({ Dimensions, Value }) => [Dimensions?.[1]?.Value ?? '', Value ?? NaN])),
        );
        return Promise.resolve({});
      },
    },
    ca: cluster.ca,
    password: () => Promise.resolve(password),
    now: () => new Date(),
  });
}

async function sessions(): Promise<number> {
  const admin = await cluster.connect(cluster.primary);
  const { rows } = await admin.query<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'collector'",
  );
  await admin.end();
  return Number(rows[0]?.count);
}

test('keeps one session a server, notices one that dies, and the others stay visible', async () => {
  const collect = collector();
  await collect();
  await collect();
  expect(published).toEqual([{ primary: 1, 'replica-1': 1 }, { primary: 1, 'replica-1': 1 }]); // prettier-ignore
  expect(await sessions()).toBe(1);

  await cluster.replicas[0]?.kill();
  await collect();
  expect(published.at(-1)).toEqual({ primary: 1, 'replica-1': 0 });
  await cluster.replicas[0]?.start();
  await collect();
  expect(published.at(-1)).toEqual({ primary: 1, 'replica-1': 1 });
}, 30_000);

test('a session cut since the last pass is no outage', async () => {
  const collect = collector();
  await collect();
  const superuser = await cluster.connect(cluster.primary, cluster.superuser);
  await superuser.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'collector'");
  await superuser.end();
  expect(await sessions()).toBe(0);
  await collect();
  expect(published.at(-1)).toEqual({ primary: 1, 'replica-1': 1 });
});

test('a refused log-in counts as down', async () => {
  await collector('wrong')();
  expect(published).toEqual([{ primary: 0, 'replica-1': 0 }]);
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ SERVERS: '[]' })).toThrow(
    'environment variables missing: ENVIRONMENT, DATABASE_NAME, AWS_REGION, LAMBDA_TASK_ROOT',
  );
});

test('looks for the certificates beside the function’s code', () => {
  const lambda = { AWS_REGION: 'us-east-1', LAMBDA_TASK_ROOT: '/var/task' };
  expect(readEnv({ ENVIRONMENT: 'dev', DATABASE_NAME: 'x', SERVERS: '[]', ...lambda })).toMatchObject({
    caFile: '/var/task/rds-ca.pem',
  });
  expect(() => readRdsCa('/var/task/rds-ca.pem')).toThrow(
    '/var/task/rds-ca.pem, the certificates of RDS, cannot be read',
  );
});
