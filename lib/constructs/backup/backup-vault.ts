import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupVault, type LockConfiguration } from 'aws-cdk-lib/aws-backup';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';

/** A vault of an environment's recovery points. */
export interface BackupVaultOptions {
  readonly config: Pick<EnvironmentConfig, 'database' | 'backups'>;
  /**
   * Encrypts recovery points that are copied into the vault. An RDS snapshot that is created in the vault stays encrypted with the
   * database's key (AWS Backup developer guide, "Encryption for backups").
   */
  readonly key: IKey;
}

/**
 * A vault that is kept when its stack is deleted, locked as configured. Where the database has deletion protection, nobody can delete
 * recovery points or shorten their retention through AWS Backup, not even the root user; they still expire. A person with the
 * permissions who has to do it removes the lock (`aws backup delete-backup-vault-lock-configuration`) and the policy (`aws backup
 * delete-backup-vault-access-policy`) first: CloudTrail records both calls. In compliance mode the first call is refused. The policy
 * does not restrict the RDS API (AWS Backup developer guide, "Vault access policies"): restrict that in IAM.
 */
export function backupVault(scope: Construct, id: string, { config, key }: BackupVaultOptions): BackupVault {
  const vault = new BackupVault(scope, id, {
    encryptionKey: key,
    // Its name is fixed: a vault that a rolled back creation left behind would fail the next one.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    lockConfiguration: lockOf(config.backups.vaultLock),
  });
  if (config.database.deletionProtection.enabled) {
    vault.addToAccessPolicy(
      new PolicyStatement({
        sid: 'NobodyDeletesRecoveryPoints',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          'backup:DeleteRecoveryPoint',
          'backup:DisassociateRecoveryPoint',
          'backup:UpdateRecoveryPointLifecycle',
        ],
        resources: ['*'],
      }),
    );
  }
  return vault;
}

function lockOf(lock: EnvironmentConfig['backups']['vaultLock']): LockConfiguration | undefined {
  return (
    lock && {
      minRetention: Duration.days(lock.minimumDays),
      maxRetention: Duration.days(lock.maximumDays),
      // Setting it puts the lock into compliance mode.
      changeableFor: lock.mode === 'compliance' ? Duration.days(lock.changeableForDays) : undefined,
    }
  );
}
