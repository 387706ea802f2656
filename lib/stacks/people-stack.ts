import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AccessSettings } from '../config/schema/people/access';
import type { EnvironmentConfig } from '../config/schema/environment';
import { PeopleAccess } from '../constructs/people/people-access';
import type { DatabaseStack } from './database-stack';
import type { NetworkStack } from './network-stack';

/** People's access to the servers of one environment. */
export interface PeopleStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly settings: AccessSettings;
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
}

/** The gateway that people's sessions pass through, and the roles that they assume. */
export class PeopleStack extends Stack {
  readonly access: PeopleAccess;

  constructor(scope: Construct, id: string, { config, settings, network, database, ...props }: PeopleStackProps) {
    super(scope, id, props);
    const { vpc, databaseSubnets, applicationSubnets } = network.network;
    this.access = new PeopleAccess(this, 'People', {
      config,
      settings,
      database: database.database,
      vpc,
      databaseSubnets,
      applicationSubnets,
    });
  }
}
