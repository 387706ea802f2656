import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { backupVault } from '../constructs/backup/backup-vault';
import { RecoveryNetwork } from '../constructs/network/recovery-network';
import { ServiceKey } from '../constructs/service-key';

/** What an environment has in its recovery region. */
export interface RecoveryStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/** All that is left when a region is lost: copies of the backups under a key of their own, and a place to restore them to. */
export class RecoveryStack extends Stack {
  readonly vault: BackupVault;
  /** Encrypts the copies and the logs; the lost region's keys are lost with it. */
  readonly key: IKey;
  readonly network: RecoveryNetwork;

  constructor(scope: Construct, id: string, { config, ...props }: RecoveryStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection.enabled, ...props });
    const key = new ServiceKey(this, 'RecoveryKey', {
      description: `Copies of the backups of the ${config.name} database`,
      usedThrough: ['backup', 'rds'],
    });
    key.allowLogGroups();
    this.key = key.key;
    this.vault = backupVault(this, 'RecoveryVault', { config, key: this.key });
    this.network = new RecoveryNetwork(this, 'RecoveryNetwork', { config, logsKey: this.key });
    new CfnOutput(this, 'RecoveryKeyArn', { value: this.key.keyArn });
    new CfnOutput(this, 'RecoveryVaultName', { value: this.vault.backupVaultName });
  }

  /** The first two of the region, whichever they are called in this account: the default asks the account while synthesizing. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
