import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import { connect, type ConnectOptions } from '../../lib/contract/database-client';
import { logger } from '../shared/logger';
import { readRdsCa } from '../shared/rds-ca';
import { type DatabaseSecret, readDatabaseSecret } from '../shared/secrets';
import { inTime } from './deadline';
import { type MigrateSettings, readEnv } from './env';
import { readMigrations } from '../../lib/contract/migrations';
import { ensurePassword } from './passwords';
import { type MigrationReport, runMigrations } from './runner';

/** What only AWS can give: replaced in the rehearsal, where the server and everything else are real. */
export interface MigrateDependencies {
  readonly settings: MigrateSettings;
  readonly readSecret: (arn: string) => Promise<DatabaseSecret>;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
}

/** What a run did, the roles whose password it set included. */
export interface MigrateResult extends MigrationReport {
  readonly passwordsSet: string[];
}

/**
 * A migration run: all pending migrations, then the password of app_user. It is told how many milliseconds it has; without, it takes
 * the time it needs.
 */
export function createHandler({
  settings,
  readSecret,
  ca,
}: MigrateDependencies): (timeLeftMs?: number) => Promise<MigrateResult> {
  return async (timeLeftMs) => {
    const migrations = readMigrations(settings.migrationsFolder);
    const [master, application] = await Promise.all([
      readSecret(settings.masterSecretArn),
      readSecret(settings.appSecretArn),
    ]);
    const login = ({ username, password }: DatabaseSecret): ConnectOptions => ({
      host: master.host,
      port: master.port,
      database: settings.database,
      user: username,
      password,
      ca,
      applicationName: 'migrate',
    });
    const client = await connect(login(master));
    try {
      const report = await inTime(client, timeLeftMs, (begins) =>
        runMigrations(client, migrations, (migration) => {
          begins(migration);
          logger.info('applying', { migration });
        }),
      );
      const isSet = await ensurePassword(client, login(application));
      return { ...report, passwordsSet: isSet ? [application.username] : [] };
    } finally {
      await client.end();
    }
  };
}

/** Entry point in AWS. What it throws fails the deployment, with the message as its reason. */
export const handler = async (
  _event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<MigrateResult> => {
  const secretsManager = new SecretsManagerClient({});
  const readSecret = (arn: string) => readDatabaseSecret(secretsManager, arn);
  const { caFile, ...settings } = readEnv();
  return createHandler({ settings, readSecret, ca: readRdsCa(caFile) })(context.getRemainingTimeInMillis());
};
