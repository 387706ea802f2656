import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { Database } from '../constructs/database/database';
import type { FunctionPlacement } from '../constructs/functions/database-function';
import { Migrations } from '../constructs/database/migrations';
import { RecoveryDocuments } from '../constructs/recovery/recovery-documents';

/** What changes the database. */
export interface OperationsStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  readonly functionPlacement: FunctionPlacement;
}

/** Brings the schema and the roles up to date on every deployment that changes them, and holds what people recover with. */
export class OperationsStack extends Stack {
  readonly migrations: Migrations;

  constructor(scope: Construct, id: string, { config, database, functionPlacement, ...props }: OperationsStackProps) {
    super(scope, id, props);
    this.migrations = new Migrations(this, 'Migrations', {
      database,
      placement: functionPlacement,
      databaseName: config.database.databaseName,
    });
    new RecoveryDocuments(this, 'Recovery', { config, database, key: functionPlacement.logsKey });
  }
}
