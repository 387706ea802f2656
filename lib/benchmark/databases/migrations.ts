import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { createHandler } from '../../../lambda/migrate';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import { MIGRATIONS_FOLDER } from '../../contract/files';
import { readMigrations } from '../../contract/migrations';
import type { Cluster } from '../../local-postgres/cluster';

/** The last of the owner's 27 indexes; later migrations are this project's. */
const OWNERS_LAST_INDEX = '20251118100027_idx_intent';

/**
 * How far a database is migrated:
 * - `found`: the schema as it was found;
 * - `owners`: with the owner's 27 indexes and no other;
 * - `all`: with every migration.
 */
export type MigrationSet = 'found' | 'owners' | 'all';

/** The deployed migration function, run against a local server with local secrets in place of Secrets Manager. */
export class DeployedMigrations {
  private constructor(
    private readonly module: { readonly createHandler: typeof createHandler },
    /** Folder of all migrations in the function's bundle. */
    private readonly folder: string,
  ) {}

  static async load(assembly: Pick<EnvironmentAssembly, 'loadFunction'>): Promise<DeployedMigrations> {
    const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createHandler }>('migrate');
    return new DeployedMigrations(module, join(folder, MIGRATIONS_FOLDER));
  }

  /** Names of the migrations of a set, in the order in which they are applied. */
  names(set: MigrationSet): string[] {
    const all = readMigrations(this.folder).map(({ name }) => name);
    if (set === 'found') return all.slice(0, 1);
    return set === 'owners' ? all.filter((name) => name <= OWNERS_LAST_INDEX) : all;
  }

  /**
   * Applies those migrations of a set that a database does not have yet. Passwords stay as they are: the function sets the
   * application's password, unless the login in its secret works, and it is given the master's.
   * @returns names of the migrations applied
   */
  async apply({ primary, master, ca }: Cluster, database: string, set: MigrationSet): Promise<string[]> {
    // Beside the bundle, which is in the folder of the run: so nothing is left when the run is interrupted.
    const migrationsFolder = mkdtempSync(join(dirname(this.folder), 'set-'));
    try {
      for (const name of this.names(set)) {
        cpSync(join(this.folder, name), join(migrationsFolder, name), { recursive: true });
      }
      const { host, port } = primary;
      const secret = { username: master.user, password: master.password, host, port };
      const migrate = this.module.createHandler({
        settings: {
          masterSecretArn: 'master',
          appSecretArn: 'application',
          database,
          hasProxy: false,
          migrationsFolder,
        },
        readSecret: () => Promise.resolve(secret),
        ca,
      });
      return (await migrate()).applied;
    } finally {
      rmSync(migrationsFolder, { recursive: true });
    }
  }
}
