import { spawnSync } from 'node:child_process';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { measurePooling } from '../../../lib/rehearsal/pooling/measure-pooling';
import { poolingFailures } from '../../../lib/rehearsal/pooling/pooling-report';
import { DATABASE, startMigratedCluster } from '../../support/database/migrated-cluster';
import { testWith } from '../../support/installed';

const PASSWORD = 'application-password';

let folder: RunFolder;
beforeAll(() => {
  folder = new RunFolder();
});
afterAll(() => folder.dispose());

const hasPooler = spawnSync('pgbouncer', ['--version']).status === 0;

testWith(hasPooler, 'PgBouncer (Debian: apt install pgbouncer)')(
  'the pooler serves more clients than the server has sessions for; the server alone refuses them',
  async () => {
    const { cluster, admin } = await startMigratedCluster(folder, 0);
    await admin.query(`ALTER ROLE app_user PASSWORD '${PASSWORD}'`);
    await admin.end();
    const superuser = await cluster.connect(cluster.primary, cluster.superuser);
    await superuser.query('ALTER SYSTEM SET max_connections = 40');
    await superuser.end();
    await cluster.primary.kill();
    await cluster.primary.start();
    const options = { cluster, folder, database: DATABASE, applicationPassword: PASSWORD };
    const report = (await measurePooling({ ...options, clients: 80, seconds: 1 }))!;
    expect(poolingFailures(report)).toEqual([]);
    const { direct, pooled } = report;
    expect(pooled).toMatchObject({ served: 80, refused: {}, failed: {} });
    expect(pooled.serverSessions).toBeGreaterThan(1);
    expect(direct.served).toBeLessThan(40);
    expect(direct.served + (direct.refused['53300'] ?? 0)).toBe(80);
  },
  60_000,
);
