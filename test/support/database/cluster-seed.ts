import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMigrations } from '../../../lambda/migrate/runner';
import { readMigrations } from '../../../lib/contract/migrations';
import { type Cluster, type ClusterSeed, type Login, startCluster } from '../../../lib/local-postgres/cluster';
import { copyTree } from '../../../lib/local-postgres/copy-tree';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { sharedFolder } from '../run/shared';

/** Database of the clusters of tests. */
export const DATABASE = 'whatsapp_saas';
/** Their master user. */
export const MASTER: Login = { user: 'database_admin', password: 'master-password' };
/** Log-in of the collector in a migrated cluster, with a password in place of a token. */
export const METRICS_LOGIN: Login = { user: 'metrics_user', password: 'metrics-password' };

/**
 * Data for the cluster of a test file, made once per run and copied for each file: initializing and migrating a server takes seconds.
 * `empty`: the database and the roles that RDS has; `migrated`: all migrations, and METRICS_LOGIN.
 */
export async function clusterSeed(kind: 'empty' | 'migrated'): Promise<ClusterSeed> {
  const folder = await sharedFolder(`postgres-${kind}`, (target) => fill(target, kind));
  const superuser = JSON.parse(readFileSync(join(folder, 'superuser.json'), 'utf8')) as Login;
  return { dataFolder: join(folder, 'data'), superuser };
}

async function fill(target: string, kind: 'empty' | 'migrated'): Promise<void> {
  const seed = kind === 'migrated' ? await clusterSeed('empty') : undefined;
  const folder = new RunFolder();
  try {
    const cluster = await startCluster({ folder, replicas: 0, database: DATABASE, master: MASTER, seed });
    if (kind === 'migrated') await migrate(cluster);
    await cluster.primary.stop();
    await copyTree(cluster.primary.dataFolder, join(target, 'data'));
    writeFileSync(join(target, 'superuser.json'), JSON.stringify(cluster.superuser));
  } finally {
    folder.dispose();
  }
}

async function migrate(cluster: Cluster): Promise<void> {
  const admin = await cluster.connect(cluster.primary);
  try {
    await runMigrations(admin, readMigrations(join(__dirname, '../../../lambda/migrations')));
    await admin.query(`ALTER ROLE metrics_user PASSWORD '${METRICS_LOGIN.password}'`);
  } finally {
    await admin.end();
  }
}
