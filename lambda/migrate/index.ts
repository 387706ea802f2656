import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import { connect, type ConnectOptions } from '../../lib/contract/database-client';
import { MIGRATIONS_APPLICATION } from '../../lib/contract/roles';
import { readMigrations } from '../../lib/contract/migrations';
import { logger } from '../shared/logger';
import { readRdsCa } from '../shared/rds-ca';
import { type DatabaseSecret, readDatabaseSecret } from '../shared/secrets';
import { inTime } from './deadline';
import { type MigrateSettings, readEnv } from './env';
import { isPostgresError, tellable } from '../shared/errors';
import { adviceFor } from './failure';
import { closePostgresDatabase } from './postgres-database';
import { ensurePassword } from './passwords';
import { type MigrationReport, runMigrations } from './runner';

/** Settings, secrets and certificates. The rehearsal replaces what only AWS has; its server is real. */
interface MigrateDependencies {
  readonly settings: MigrateSettings;
  readonly readSecret: (arn: string) => Promise<DatabaseSecret>;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
}

/** Result of a run. */
interface MigrateResult extends MigrationReport {
  /** Roles whose password the run set. */
  readonly passwordsSet: string[];
}

/**
 * Creates the handler of a run: all pending migrations, then the password of app_user. Its argument is the time left in milliseconds;
 * without it the run has no time limit. With an older folder, as after a rollback, it applies nothing, warns and succeeds.
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
      applicationName: MIGRATIONS_APPLICATION,
    });
    const client = await connect(login(master)).catch((error: unknown) => Promise.reject(withAdvice(error)));
    try {
      const report = await inTime(client, timeLeftMs, (begins) =>
        runMigrations(client, migrations, (migration) => {
          begins(migration);
          logger.info('applying', { migration });
        }),
      );
      if (report.warning !== undefined) logger.warn(report.warning);
      if (report.endedSessions) logger.warn('ended sessions that held the lock', { sessions: report.endedSessions });
      if (!(await closePostgresDatabase(client, settings.hasProxy))) {
        logger.warn('every role may connect to the database postgres until a run after the proxy has made its role');
      }
      const isSet = await ensurePassword(client, login(application));
      return { ...report, passwordsSet: isSet ? [application.username] : [] };
    } catch (error) {
      throw withAdvice(error);
    } finally {
      await client.end();
    }
  };
}

/** A failure of PostgreSQL outside of a file, as a sentence with what to do. */
function withAdvice(error: unknown): Error {
  const told = tellable(error);
  return isPostgresError(error) ? new Error(`${told.message}${adviceFor(error)}`) : told;
}

/** Entry point in AWS. An error that it throws fails the deployment, with the message as the reason. */
export const handler = async (
  _event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<MigrateResult> => {
  const secretsManager = new SecretsManagerClient({});
  const readSecret = (arn: string) => readDatabaseSecret(secretsManager, arn);
  const { caFile, ...settings } = readEnv();
  return createHandler({ settings, readSecret, ca: readRdsCa(caFile) })(context.getRemainingTimeInMillis());
};
