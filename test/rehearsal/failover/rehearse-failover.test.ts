import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { failoverFailures } from '../../../lib/rehearsal/failover/failover-report';
import { type Failover, rehearseFailover } from '../../../lib/rehearsal/failover/rehearse-failover';
import { catchesUp } from '../../../lib/rehearsal/failover/replicas';
import { startMigratedCluster } from '../../support/database/migrated-cluster';

const PASSWORD = 'application-password';

let folder: RunFolder;
let before: Cluster;
let failover: Failover;

beforeAll(async () => {
  folder = new RunFolder();
  const { cluster, admin } = await startMigratedCluster(folder, 2);
  before = cluster;
  await admin.query(`ALTER ROLE app_user PASSWORD '${PASSWORD}'`);
  await admin.end();
  // As after the last fault of the alarms: the replicas have lost their primary, and wait before they try again.
  await cluster.primary.kill();
  await cluster.primary.start();
  failover = await rehearseFailover({ cluster, folder, applicationPassword: PASSWORD, multiAz: true });
}, 120_000);
afterAll(() => folder.dispose());

test('the replica that has received more is promoted, and the clients go on', () => {
  const report = failover.report!;
  expect(failoverFailures(report)).toEqual([]);
  // The first replica was cut off before the primary was killed.
  expect(report).toMatchObject({ killed: 'primary', promoted: 'replica-2', fenced: true, rebuilt: true, behind: [] });
  expect(report.acknowledged).toBeGreaterThanOrEqual(500);
  expect(report.acknowledgedAfterwards).toBeGreaterThan(0);
  const { secondsToPromote, secondsToFirstWrite, secondsToSecondReplica, secondsToRebuild } = report;
  const inOrder = [0, secondsToPromote, secondsToFirstWrite, secondsToRebuild!];
  expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
  expect(secondsToSecondReplica).toBeGreaterThan(secondsToPromote);
  expect(report.heartbeatGapSeconds).toBeGreaterThanOrEqual(secondsToPromote);
});

test('afterwards the other servers are replicas of the new primary, and no row of the failover is left', async () => {
  const { cluster } = failover;
  expect(cluster.primary).toBe(before.replicas[1]);
  expect(cluster.replicas.map(({ name }) => name)).toEqual(['replica-1', 'primary']);
  const admin = await cluster.connect(cluster.primary);
  await admin.query(`INSERT INTO webhook_logs (id, event_type, payload, status) VALUES ('after', 'x', '{}', 'x')`);
  for (const replica of cluster.replicas) {
    expect(await catchesUp(cluster, cluster.primary, replica)).toBe(true);
    const session = await cluster.connect(replica);
    expect((await session.query('SELECT pg_is_in_recovery() AS standby')).rows).toEqual([{ standby: true }]);
    expect((await session.query('SELECT id FROM webhook_logs')).rows).toEqual([{ id: 'after' }]);
    await session.end();
  }
  await admin.end();
});

test('without a replica nobody is killed', async () => {
  const cluster = { ...before, replicas: [] };
  expect(await rehearseFailover({ cluster, folder, applicationPassword: PASSWORD, multiAz: false })).toEqual({
    cluster,
  });
});

test('with one replica it is promoted, also when that was rebuilt before', async () => {
  const rebuilt = failover.cluster.replicas[1]!;
  const cluster = { ...failover.cluster, replicas: [rebuilt] };
  const { report, cluster: after } = await rehearseFailover({
    cluster,
    folder,
    applicationPassword: PASSWORD,
    multiAz: false,
  });
  expect(failoverFailures(report!)).toEqual([]);
  expect(report).toMatchObject({ killed: 'replica-2', promoted: 'primary', rebuilt: true, behind: [] });
  expect(report).not.toHaveProperty('secondsToSecondReplica');
  expect(report).not.toHaveProperty('multiAz');
  expect([after.primary.name, ...after.replicas.map(({ name }) => name)]).toEqual(['primary', 'replica-2']);
}, 60_000);
