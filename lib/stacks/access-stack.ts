import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { ApplicationAccess } from '../constructs/database/application-access';
import type { DatabaseStack } from './database-stack';
import type { NetworkStack } from './network-stack';

/** The application's access to the database of one environment. */
export interface AccessStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
}

/** The proxy, the rotation of the application's secret, and the writer's address: all log in as app_user, whom the migrations make. */
export class AccessStack extends Stack {
  readonly access: ApplicationAccess;

  constructor(scope: Construct, id: string, { config, network, database, ...props }: AccessStackProps) {
    super(scope, id, props);
    const { vpc, databaseSubnets, secretsManager } = network.network;
    this.access = new ApplicationAccess(this, 'Access', {
      config,
      database: database.database,
      vpc,
      databaseSubnets,
      secretsManager,
      logsKey: network.logsKey,
    });
  }
}
