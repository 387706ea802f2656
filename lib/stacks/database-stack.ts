import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { backupTag } from '../constructs/backup/backup-tag';
import { Database } from '../constructs/database/database';
import type { Network } from '../constructs/network/network';
import { ServiceKey } from '../constructs/service-key';

/** The database of one environment. */
export interface DatabaseStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly network: Network;
  readonly logsKey: IKey;
  /** Of the recovery region. Default: there is none. */
  readonly recoveryKey?: IKey;
}

/** Everything that holds data: the servers with their key and secrets, and the proxy, which needs all three. */
export class DatabaseStack extends Stack {
  readonly database: Database;

  constructor(scope: Construct, id: string, { config, network, logsKey, recoveryKey, ...props }: DatabaseStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection.enabled, ...props });
    const dataKey = new ServiceKey(this, 'DataKey', {
      description: `Data and secrets of the ${config.name} database`,
      usedThrough: ['rds', 'secretsmanager'],
    });
    const otherAccount = config.backups.recoveryAccountVaultArn?.split(':')[4];
    if (otherAccount) dataKey.allowCopiesTo(otherAccount);
    this.database = new Database(this, 'Database', {
      config,
      vpc: network.vpc,
      databaseSubnets: network.databaseSubnets,
      applicationSubnets: network.applicationSubnets,
      key: dataKey.key,
      logsKey,
      recoveryKey,
    });
    const { key, value } = backupTag(config.name);
    Tags.of(this.database.primary).add(key, value);
  }
}
