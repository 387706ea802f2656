import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema';
import { Backups } from '../constructs/backups';
import { ServiceKey } from '../constructs/service-key';

/** Backups of one environment. */
export interface BackupStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/** AWS Backup with a vault and a key of its own, so that losing the data's key does not lose the backups. */
export class BackupStack extends Stack {
  readonly backups: Backups;

  constructor(scope: Construct, id: string, { config, ...props }: BackupStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection === true, ...props });
    const key = new ServiceKey(this, 'BackupsKey', {
      description: `Backups of the ${config.name} database`,
      usedThrough: ['backup', 'rds'],
    });
    this.backups = new Backups(this, 'Backups', {
      key: key.key,
      continuousRetentionDays: config.database.backupRetentionDays,
    });
  }
}
