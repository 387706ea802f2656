import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { backupTag } from '../constructs/backup/backup-tag';
import { Database } from '../constructs/database/database';
import { ServiceKey } from '../constructs/service-key';
import type { NetworkStack } from './network-stack';
import type { RecoveryStack } from './recovery-stack';

/** The database of one environment. */
export interface DatabaseStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly network: NetworkStack;
  /** Default: there is no recovery region. */
  readonly recovery?: RecoveryStack;
}

/** Everything that holds data: the servers with their key and secrets. */
export class DatabaseStack extends Stack {
  readonly database: Database;

  constructor(scope: Construct, id: string, { config, network, recovery, ...props }: DatabaseStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection.enabled, ...props });
    const dataKey = new ServiceKey(this, 'DataKey', {
      description: `Data and secrets of the ${config.name} database`,
      usedThrough: ['rds', 'secretsmanager'],
    });
    const otherAccount = config.backups.recoveryAccountVaultArn?.split(':')[4];
    if (otherAccount) dataKey.allowCopiesTo(otherAccount);
    const { vpc, databaseSubnets, applicationSubnets, awsServices } = network.network;
    this.database = new Database(this, 'Database', {
      config,
      vpc,
      databaseSubnets,
      applicationSubnets,
      awsServices,
      key: dataKey.key,
      logsKey: network.logsKey,
      recoveryKey: recovery?.key,
    });
    const { key, value } = backupTag(config.name);
    Tags.of(this.database.servers[0].resource).add(key, value);
  }
}
