import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { connect } from '../../../lib/contract/database-client';
import { type Cluster, startCluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { clusterSeed, DATABASE, MASTER } from './cluster-seed';

/** The project's own migrations. */
export const MIGRATIONS = join(__dirname, '../../../lambda/migrations');

/** A PostgreSQL server for tests of migrations; each test takes a new database. */
export class MigrationServer {
  private readonly scratchFolders: string[] = [];
  private databases = 0;

  private constructor(
    private readonly folder: RunFolder,
    readonly cluster: Cluster,
    /** A session of the master user, outside of the tests' databases. */
    readonly admin: Client,
  ) {}

  static async start(parameters: Record<string, string> = {}, replicas = 0): Promise<MigrationServer> {
    const folder = new RunFolder();
    const seed = await clusterSeed('empty');
    const cluster = await startCluster({ folder, replicas, database: DATABASE, master: MASTER, parameters, seed });
    return new MigrationServer(folder, cluster, await cluster.connect(cluster.primary));
  }

  async dispose(): Promise<void> {
    await this.admin.end();
    this.folder.dispose();
    for (const scratch of this.scratchFolders) rmSync(scratch, { recursive: true });
  }

  /** A session, by default of the master user. */
  login(database: string, user = this.cluster.master.user, password = this.cluster.master.password): Promise<Client> {
    const { host, port } = this.cluster.primary;
    return connect({ host, port, database, user, password, ca: this.cluster.ca, applicationName: 'test' });
  }

  /** A new database and a session in it; `template`: a copy of another database, in which nobody may have a session. Default: empty. */
  async freshDatabase(template?: string): Promise<{ database: string; client: Client }> {
    const database = `test_${++this.databases}`;
    await this.admin.query(`CREATE DATABASE ${database}${template === undefined ? '' : ` TEMPLATE ${template}`}`);
    return { database, client: await this.login(database) };
  }

  /** Writes a folder of migrations, name → SQL; `withOurs`: with the project's migrations before them. */
  migrationFolder(more: Readonly<Record<string, string | Buffer>>, withOurs = false): string {
    const scratch = mkdtempSync(join(tmpdir(), 'migrations-'));
    this.scratchFolders.push(scratch);
    if (withOurs) cpSync(MIGRATIONS, scratch, { recursive: true });
    for (const [name, sql] of Object.entries(more)) {
      mkdirSync(join(scratch, name), { recursive: true });
      writeFileSync(join(scratch, name, 'migration.sql'), sql);
    }
    return scratch;
  }
}

/** The column `name` of a query's rows. */
export async function names(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql);
  return rows.map(({ name }) => name);
}
