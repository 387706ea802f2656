import { join } from 'node:path';
import type { createHandler } from '../../lambda/migrate';
import type { EnvironmentAssembly } from '../assembly/environment-assembly';
import { MIGRATIONS_FOLDER } from '../contract/files';
import type { DatabaseRole } from '../contract/roles';
import type { Cluster } from '../local-postgres/cluster';

/** The role of the application, which logs in with a secret. */
export const APPLICATION_ROLE = 'app_user' satisfies DatabaseRole;

/**
 * Runs the deployed migration function with local secrets in place of Secrets Manager.
 * @returns the names of the migrations that it applied
 */
export async function migrate(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  database: string,
  applicationPassword: string,
): Promise<string[]> {
  const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createHandler }>('migrate');
  const { host, port } = cluster.primary;
  const secrets: Record<string, { username: string; password: string }> = {
    master: { username: cluster.master.user, password: cluster.master.password },
    application: { username: APPLICATION_ROLE, password: applicationPassword },
  };
  const handler = module.createHandler({
    settings: {
      masterSecretArn: 'master',
      appSecretArn: 'application',
      database,
      // No proxy runs on this machine.
      hasProxy: false,
      migrationsFolder: join(folder, MIGRATIONS_FOLDER),
    },
    readSecret: (arn) => {
      const secret = secrets[arn];
      return secret
        ? Promise.resolve({ ...secret, host, port })
        : Promise.reject(new Error(`there is no secret ${arn}`));
    },
    ca: cluster.ca,
  });
  return (await handler()).applied;
}
