import { CfnOutput, type Environment, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { backupVault } from '../constructs/backup/backup-vault';
import { ownProviderLogs } from '../constructs/functions/provider-logs';
import { RecoveryNetwork } from '../constructs/network/recovery-network';
import { ServiceKey } from '../constructs/service-key';

/** Account and region of the stacks in the recovery region. */
export function recoveryEnvironment({ accountId, backups }: EnvironmentConfig): Environment {
  return { account: accountId, region: backups.recoveryRegion };
}

/** The recovery region of one environment. */
export interface RecoveryStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/** Everything that is needed when the home region is lost: copies of the backups under a separate key, and a network to restore them in. */
export class RecoveryStack extends Stack {
  readonly vault: BackupVault;
  /** Encrypts the copies and the logs. The keys of a lost region are lost with it. */
  readonly key: IKey;
  readonly network: RecoveryNetwork;

  constructor(scope: Construct, id: string, { config, ...props }: RecoveryStackProps) {
    super(scope, id, {
      env: recoveryEnvironment(config),
      terminationProtection: config.database.deletionProtection.enabled,
      ...props,
    });
    const key = new ServiceKey(this, 'RecoveryKey', {
      description: `Copies of the backups of the ${config.name} database`,
      usedThrough: ['backup', 'rds'],
    });
    key.allowLogGroups();
    this.key = key.key;
    this.vault = backupVault(this, 'RecoveryVault', { config, key: this.key });
    this.network = new RecoveryNetwork(this, 'RecoveryNetwork', { config, logsKey: this.key });
    ownProviderLogs(this, { logsKey: this.key, logRetentionDays: config.logRetentionDays });
    new CfnOutput(this, 'RecoveryKeyArn', { value: this.key.keyArn });
    new CfnOutput(this, 'RecoveryVaultName', { value: this.vault.backupVaultName });
  }

  /** The first two zones of the region, whatever their names in this account: the default asks the account during synthesis. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
