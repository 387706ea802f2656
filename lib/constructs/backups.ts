import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { BACKUP_TAG } from './backup-tag';

/** Backups of one environment. */
export interface BackupsProps {
  readonly key: IKey;
  /** Of the continuous rule; must equal the retention of the instance, or AWS Backup and CloudFormation undo each other's. */
  readonly continuousRetentionDays: number;
}

/** AWS Backup: point-in-time recovery, and a snapshot each night at 02:00 UTC that is kept for a week, in a vault of its own. */
export class Backups extends Construct {
  readonly vault: BackupVault;

  constructor(scope: Construct, id: string, { key, continuousRetentionDays }: BackupsProps) {
    super(scope, id);
    this.vault = new BackupVault(this, 'Vault', { encryptionKey: key, removalPolicy: RemovalPolicy.RETAIN });
    const nightly = Schedule.cron({ hour: '2', minute: '0' });
    const plan = new BackupPlan(this, 'Plan', {
      backupVault: this.vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'continuous',
          enableContinuousBackup: true,
          scheduleExpression: nightly,
          startWindow: Duration.hours(1),
          completionWindow: Duration.hours(12),
          deleteAfter: Duration.days(continuousRetentionDays),
        }),
        new BackupPlanRule({
          ruleName: 'daily',
          scheduleExpression: nightly,
          startWindow: Duration.hours(1),
          completionWindow: Duration.hours(12),
          deleteAfter: Duration.days(7),
        }),
      ],
    });
    // By tag, so that what a restore makes is backed up only when a person says so.
    const selection = plan.addSelection('Selection', {
      resources: [BackupResource.fromTag(BACKUP_TAG.key, BACKUP_TAG.value)],
    });
    acknowledge(
      selection,
      [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
      ],
      'AWS Backup documents this managed policy for its role; narrower ones break with each resource type it learns',
    );
  }
}
