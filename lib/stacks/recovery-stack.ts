import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema';
import { backupVault } from '../constructs/backup-vault';
import { RecoveryNetwork } from '../constructs/recovery-network';
import { ServiceKey } from '../constructs/service-key';

/** What an environment has in its recovery region. */
export interface RecoveryStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/**
 * Name of the vault in the recovery region: the one stateful resource with a name, because the plan in the other region must know its
 * ARN. A vault of that name that outlived its stack is taken in again with `cdk import`.
 */
export function recoveryVaultName(environment: string): string {
  return `whatsapp-saas-${environment}-recovery`;
}

/** All that is left when a region is lost: copies of the backups under a key of their own, and a place to restore them to. */
export class RecoveryStack extends Stack {
  readonly vault: BackupVault;
  /** Encrypts the copies and the logs; the lost region's keys are lost with it. */
  readonly key: IKey;
  readonly network: RecoveryNetwork;

  constructor(scope: Construct, id: string, { config, ...props }: RecoveryStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection === true, ...props });
    const key = new ServiceKey(this, 'RecoveryKey', {
      description: `Copies of the backups of the ${config.name} database`,
      usedThrough: ['backup', 'rds'],
    });
    key.allowLogGroups();
    this.key = key.key;
    this.vault = backupVault(this, 'Vault', { config, key: this.key, name: recoveryVaultName(config.name) });
    this.network = new RecoveryNetwork(this, 'Network', { config, logsKey: this.key });
    new CfnOutput(this, 'RecoveryKeyArn', {
      value: this.key.keyArn,
      description: 'For backups.crossRegionPointInTime.keyArn, and for restores by hand',
    });
  }

  /** The first two of the region, whichever they are called in this account: the default asks the account while synthesizing. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
