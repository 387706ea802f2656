import { join } from 'node:path';
import { MIGRATIONS_FOLDER, RDS_CA_FILE } from '../../lib/contract/files';
import { required } from '../shared/environment';

/** Environment variables of the migrations. */
export interface MigrateEnv {
  /** Secret of the master user, with the primary's host and port. */
  readonly MASTER_SECRET_ARN: string;
  /** Secret of app_user. */
  readonly APP_SECRET_ARN: string;
  /** Database to migrate. */
  readonly DATABASE_NAME: string;
  /** `true` or `false`: whether the environment has RDS Proxy. */
  readonly HAS_PROXY: string;
}

/** Settings of the migrations. */
export interface MigrateSettings {
  readonly masterSecretArn: string;
  readonly appSecretArn: string;
  readonly database: string;
  /** Whether the environment has RDS Proxy, which needs the database postgres. */
  readonly hasProxy: boolean;
  /** Folder of `<timestamp>_<name>/migration.sql`. */
  readonly migrationsFolder: string;
}

/**
 * Reads the migrations' settings, and the path of the certificates. Lambda sets LAMBDA_TASK_ROOT, the folder of the function's files.
 * @throws Error naming every variable that is missing.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
): MigrateSettings & { readonly caFile: string } {
  const variables = required(source, [
    'MASTER_SECRET_ARN',
    'APP_SECRET_ARN',
    'DATABASE_NAME',
    'HAS_PROXY',
    'LAMBDA_TASK_ROOT',
  ]);
  return {
    masterSecretArn: variables.MASTER_SECRET_ARN,
    appSecretArn: variables.APP_SECRET_ARN,
    database: variables.DATABASE_NAME,
    hasProxy: variables.HAS_PROXY === 'true',
    migrationsFolder: join(variables.LAMBDA_TASK_ROOT, MIGRATIONS_FOLDER),
    caFile: join(variables.LAMBDA_TASK_ROOT, RDS_CA_FILE),
  };
}
