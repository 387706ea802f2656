import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { Database } from '../constructs/database/database';
import type { FunctionPlace } from '../constructs/functions/database-function';
import { Migrations } from '../constructs/database/migrations';
import { RecoveryAutomations } from '../constructs/recovery/recovery-automations';

/** What changes the database. */
export interface OperationsStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  readonly functionPlace: FunctionPlace;
}

/** Brings the schema and the roles up to date on every deployment that changes them, and holds what people recover with. */
export class OperationsStack extends Stack {
  readonly migrations: Migrations;

  constructor(scope: Construct, id: string, { config, database, functionPlace, ...props }: OperationsStackProps) {
    super(scope, id, props);
    this.migrations = new Migrations(this, 'Migrations', {
      database,
      place: functionPlace,
      databaseName: config.database.databaseName,
    });
    new RecoveryAutomations(this, 'Recovery', { config, database, key: functionPlace.logsKey });
  }
}
