import { ArnFormat, Stack, type StackProps } from 'aws-cdk-lib';
import { BackupVault, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema';
import { BackupAudit } from '../constructs/backup-audit';
import { Backups } from '../constructs/backups';
import { ServiceKey } from '../constructs/service-key';
import { recoveryVaultName } from './recovery-stack';

/** Backups of one environment. */
export interface BackupStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/** AWS Backup: the vaults of this region, the plan that fills them and those elsewhere, and the evidence of both. */
export class BackupStack extends Stack {
  readonly backups: Backups;

  constructor(scope: Construct, id: string, { config, ...props }: BackupStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection === true, ...props });
    const key = new ServiceKey(this, 'BackupsKey', {
      description: `Backups of the ${config.name} database`,
      usedThrough: ['backup', 'rds'],
    });
    this.backups = new Backups(this, 'Backups', { config, key: key.key, copyTo: this.elsewhere(config) });
    if (config.backups.audit) new BackupAudit(this, 'Audit', { config, key: key.key });
  }

  /** By their ARNs: a reference to another region would take a function in each, and its permissions. */
  private elsewhere({ name, backups: { recoveryRegion, recoveryAccountVaultArn } }: EnvironmentConfig): IBackupVault[] {
    const arns = [
      recoveryRegion &&
        this.formatArn({
          service: 'backup',
          region: recoveryRegion,
          resource: 'backup-vault',
          resourceName: recoveryVaultName(name),
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      recoveryAccountVaultArn,
    ];
    return arns.flatMap((arn, index) =>
      arn === undefined ? [] : [BackupVault.fromBackupVaultArn(this, `Elsewhere${index}`, arn)],
    );
  }
}
