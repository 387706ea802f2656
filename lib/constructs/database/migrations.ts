import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { InvocationType, Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import type { MigrateEnv } from '../../../lambda/migrate/env';
import type { Database } from './database';
import { DatabaseFunction, type FunctionPlacement } from '../functions/database-function';

/** Migrations of one environment's database. */
export interface MigrationsProps {
  readonly database: Database;
  readonly placement: FunctionPlacement;
  readonly databaseName: string;
  /** Whether the environment has RDS Proxy. */
  readonly hasProxy: boolean;
}

/**
 * Just under the 15 minutes that Lambda allows: the trigger, a function too, waits for this one. An index whose build takes longer fails the deployment with a
 * message that says so; the server still completes the index, and the next deployment continues from there.
 */
const TIMEOUT = Duration.minutes(14);

/**
 * Runs lambda/migrations on every deployment that changes them, against the primary itself: an advisory lock would pin the proxy
 * (RDS User Guide, "Avoiding pinning an RDS Proxy"). A failed migration fails the deployment with its reason.
 */
export class Migrations extends Construct {
  /** Applies pending migrations; a call without pending migrations changes nothing. */
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { database, placement, databaseName, hasProxy }: MigrationsProps) {
    super(scope, id);
    const { master, application } = database.secrets;
    const migrate = new DatabaseFunction(this, 'Migrate', {
      placement,
      name: 'migrate',
      description: 'Applies the migrations to the database and sets the passwords of its roles',
      timeout: TIMEOUT,
      environment: {
        MASTER_SECRET_ARN: master.secretArn,
        APP_SECRET_ARN: application.secretArn,
        DATABASE_NAME: databaseName,
        HAS_PROXY: String(hasProxy),
      } satisfies MigrateEnv,
    });
    this.function = migrate.function;
    database.grantMigrate(migrate);
    new Trigger(this, 'OnDeploy', {
      handler: migrate.function,
      invocationType: InvocationType.REQUEST_RESPONSE,
      timeout: TIMEOUT,
      // All of it: the rules of its security group open the primary and the endpoints, and no reference leads to them.
      executeAfter: [migrate],
    });
  }
}
