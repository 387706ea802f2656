import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { Migrations } from '../constructs/database/migrations';
import { RecoveryDocuments } from '../constructs/recovery/recovery-documents';
import type { DatabaseStack } from './database-stack';
import type { NetworkStack } from './network-stack';

/** Operations that change the database. */
export interface OperationsStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
}

/** Runs the migrations on every deployment that changes them, and holds the recovery documents. */
export class OperationsStack extends Stack {
  readonly migrations: Migrations;

  constructor(scope: Construct, id: string, { config, network, database, ...props }: OperationsStackProps) {
    super(scope, id, props);
    this.migrations = new Migrations(this, 'Migrations', {
      database: database.database,
      placement: network.functionPlacement,
      databaseName: config.database.databaseName,
    });
    new RecoveryDocuments(this, 'Recovery', { config, database: database.database, key: network.logsKey });
  }
}
