import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { Migrations } from '../constructs/database/migrations';
import { ownProviderLogs } from '../constructs/functions/provider-logs';
import type { DatabaseStack } from './database-stack';
import type { NetworkStack } from './network-stack';

/** The migrations of one environment. */
export interface MigrationsStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
}

/**
 * Runs the migrations on every deployment that changes them. Alone in its stack, so that a failed migration rolls back nothing else,
 * and what logs in as a role can wait for it.
 */
export class MigrationsStack extends Stack {
  readonly migrations: Migrations;

  constructor(scope: Construct, id: string, { config, network, database, ...props }: MigrationsStackProps) {
    super(scope, id, props);
    this.migrations = new Migrations(this, 'Migrations', {
      database: database.database,
      placement: network.functionPlacement,
      databaseName: config.database.databaseName,
      hasProxy: config.proxy !== undefined,
    });
    ownProviderLogs(this, network.functionPlacement);
  }
}
