import { Stack, type StackProps } from 'aws-cdk-lib';
import { BackupVault, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { BackupAudit } from '../constructs/backup/backup-audit';
import { Backups } from '../constructs/backup/backups';
import { ServiceKey } from '../constructs/service-key';

/** Backups of one environment. */
export interface BackupStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  /** In the recovery region. Default: there is none. */
  readonly recoveryVault?: IBackupVault;
}

/** AWS Backup: the vaults of this region, the plan that fills them and those elsewhere, and the evidence of both. */
export class BackupStack extends Stack {
  readonly backups: Backups;

  constructor(scope: Construct, id: string, { config, recoveryVault, ...props }: BackupStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection.enabled, ...props });
    const key = new ServiceKey(this, 'BackupsKey', {
      description: `Backups of the ${config.name} database`,
      usedThrough: ['backup', 'rds'],
    });
    this.backups = new Backups(this, 'Backups', {
      config,
      key: key.key,
      copyTo: [recoveryVault, this.otherAccountsVault(config)].flatMap((vault) => vault ?? []),
    });
    if (config.backups.audit) new BackupAudit(this, 'Audit', { config, key: key.key });
  }

  private otherAccountsVault({
    backups: { recoveryAccountVaultArn: arn },
  }: EnvironmentConfig): IBackupVault | undefined {
    return arn === undefined ? undefined : BackupVault.fromBackupVaultArn(this, 'OtherAccountsVault', arn);
  }
}
