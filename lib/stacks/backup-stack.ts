import { Stack, type StackProps } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { BackupAudit } from '../constructs/backup/backup-audit';
import { Backups } from '../constructs/backup/backups';
import { ServiceKey } from '../constructs/service-key';
import type { RecoveryStack } from './recovery-stack';

/** Backups of one environment. */
export interface BackupStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  /** Default: there is no recovery region. */
  readonly recovery?: RecoveryStack;
}

/** AWS Backup: the vaults of this region, the plan that fills them and copies to vaults elsewhere, and the audit of both. */
export class BackupStack extends Stack {
  readonly backups: Backups;

  constructor(scope: Construct, id: string, { config, recovery, ...props }: BackupStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection.enabled, ...props });
    const { key } = new ServiceKey(this, 'BackupsKey', {
      description: `Backups of the ${config.name} database`,
      usedThrough: ['backup', 'rds'],
    });
    const { recoveryAccountVaultArn, audit } = config.backups;
    const otherAccountsVault =
      recoveryAccountVaultArn && BackupVault.fromBackupVaultArn(this, 'OtherAccountsVault', recoveryAccountVaultArn);
    const copyTo = [recovery?.vault, otherAccountsVault].flatMap((vault) => vault || []);
    this.backups = new Backups(this, 'Backups', { config, key, copyTo });
    if (audit) new BackupAudit(this, 'Audit', { config, key });
  }
}
