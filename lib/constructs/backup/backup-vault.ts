import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupVault, type LockConfiguration } from 'aws-cdk-lib/aws-backup';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';

/** How an environment keeps its recovery points. */
export interface BackupVaultOptions {
  readonly config: Pick<EnvironmentConfig, 'database' | 'backups'>;
  /**
   * Encrypts what is copied into the vault. A snapshot of RDS that is made in it stays encrypted with the database's key, whatever
   * the vault's (AWS Backup developer guide, "Encryption for backups").
   */
  readonly key: IKey;
}

/**
 * A vault that is kept when its stack goes, locked as configured. Where the database is protected against deletion nobody may delete
 * recovery points or shorten their lives through AWS Backup, the root user included; expiry goes on. Who means to, as a person of
 * the account with the permissions, first takes off the lock (`aws backup delete-backup-vault-lock-configuration`) and the policy
 * (`aws backup delete-backup-vault-access-policy`): two calls that CloudTrail keeps. In compliance mode the first is refused. The policy
 * does not bind RDS's own API (AWS Backup developer guide, "Vault access policies"): that is IAM's to do.
 */
export function backupVault(scope: Construct, id: string, { config, key }: BackupVaultOptions): BackupVault {
  const vault = new BackupVault(scope, id, {
    encryptionKey: key,
    removalPolicy: RemovalPolicy.RETAIN,
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
      // Its presence alone makes the lock one of compliance.
      changeableFor: lock.mode === 'compliance' ? Duration.days(lock.changeableForDays) : undefined,
    }
  );
}
