import { Duration } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  type BackupVault,
  type IBackupVault,
} from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type BackupRule, backupRules } from '../../config/backup-rules';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge } from '../acknowledge';
import { backupTag } from './backup-tag';
import { backupVault } from './backup-vault';

/** Backups of one environment. */
export interface BackupsProps {
  readonly config: EnvironmentConfig;
  readonly key: IKey;
  /** Vaults in other regions and accounts that get a copy. Default none. */
  readonly copyTo?: readonly IBackupVault[];
}

/**
 * AWS Backup: point-in-time recovery, and the snapshots that the configuration asks for, with their copies. Of RDS's instances the
 * region's settings of AWS Backup must have service opt-in, which a selection by tag respects (`aws backup describe-region-settings`;
 * that it is on in a new account is unconfirmed).
 */
export class Backups extends Construct {
  /** Holds the snapshots, and them alone: what counts as a backup to the alarms. */
  readonly vault: BackupVault;
  /** Holds the one continuous recovery point, whose job would else be counted as a night's snapshot. */
  readonly continuousVault: BackupVault;

  constructor(scope: Construct, id: string, { config, key, copyTo = [] }: BackupsProps) {
    super(scope, id);
    this.vault = backupVault(this, 'Vault', { config, key });
    this.continuousVault = backupVault(this, 'ContinuousVault', { config, key });
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanName: `whatsapp-saas-${config.name}`,
      backupPlanRules: backupRules(config).map((rule) => this.rule(rule, copyTo)),
    });
    // By tag, so that what a restore makes is backed up only when a person says so.
    const { key: tag, value } = backupTag(config.name);
    const selection = plan.addSelection('Selection', { resources: [BackupResource.fromTag(tag, value)] });
    acknowledge(
      selection,
      [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
      ],
      'AWS Backup documents this managed policy for its role; narrower ones break with each resource type it learns',
    );
  }

  private rule({ name, schedule, keepDays, copyDays }: BackupRule, copyTo: readonly IBackupVault[]): BackupPlanRule {
    const continuous = name === 'continuous';
    return new BackupPlanRule({
      ruleName: name,
      backupVault: continuous ? this.continuousVault : this.vault,
      enableContinuousBackup: continuous,
      scheduleExpression: Schedule.cron({ minute: '0', ...schedule }),
      startWindow: Duration.hours(1),
      completionWindow: Duration.hours(12),
      deleteAfter: Duration.days(keepDays),
      copyActions:
        copyDays === undefined
          ? []
          : copyTo.map((destinationBackupVault) => ({
              destinationBackupVault,
              deleteAfter: Duration.days(copyDays),
            })),
    });
  }
}
