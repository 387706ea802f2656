import { join } from 'node:path';
import { runMigrations } from '../../lambda/migrate/runner';
import { readMigrations } from '../../lib/contract/migrations';
import { installed } from '../../lib/local-postgres/binaries';
import { startCluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { loadCollection } from '../../lib/monitoring/collection';
import { DATABASE, MASTER } from '../support/database/cluster-seed';
import { testWith } from '../support/installed';

const folder = new RunFolder();
afterAll(() => folder.dispose());

// The rest of the upgrade needs the bundles of the functions: npm run rehearse:upgrade.
testWith(installed(17) !== undefined, 'PostgreSQL 17')(
  'every migration and every query of the collector runs on PostgreSQL 17',
  async () => {
    const cluster = await startCluster({ folder, replicas: 0, database: DATABASE, master: MASTER, major: 17 });
    expect(cluster.version).toMatch(/^17\./);
    const admin = await cluster.connect(cluster.primary);
    const migrations = readMigrations(join(__dirname, '../../lambda/migrations'));
    await runMigrations(admin, migrations);
    const { rows } = await admin.query<{ count: string }>(
      'SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    );
    expect(Number(rows[0]?.count)).toBe(migrations.length);
    await admin.end();
    const superuser = await cluster.connect(cluster.primary, cluster.superuser);
    const queries = loadCollection();
    expect(queries.length).toBeGreaterThan(15);
    for (const { sql } of queries) await superuser.query(sql);
    await superuser.query('SELECT blk_read_time, blk_write_time FROM dba.pg_stat_statements');
    await superuser.end();
  },
  60_000,
);
