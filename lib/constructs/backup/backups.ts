import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  type BackupVault,
  type CfnBackupSelection,
  type IBackupVault,
} from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type BackupRule, backupRules } from '../../config/derived/backup-rules';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, servicePolicyRules } from '../acknowledge';
import { PERMISSION_REASONS } from '../reasons';
import { backupTag } from './backup-tag';
import { backupVault } from './backup-vault';

/** Backups of one environment. */
export interface BackupsProps {
  readonly config: EnvironmentConfig;
  readonly key: IKey;
  /** Vaults in other regions and accounts that receive copies. Default none. */
  readonly copyTo?: readonly IBackupVault[];
}

/**
 * Every DB instance, as AWS Backup writes it. A selection that names the type does not depend on whether the region's settings have opted RDS
 * in; one by tag alone does (AWS Backup developer guide, "Assign resources with AWS CLI").
 */
const ANY_DB_INSTANCE = {
  service: 'rds',
  region: '*',
  account: '*',
  resource: 'db',
  resourceName: '*',
  arnFormat: ArnFormat.COLON_RESOURCE_NAME,
};

/** AWS Backup: point-in-time recovery, the configured snapshots, and their copies. */
export class Backups extends Construct {
  /** Holds only the snapshots, which the alarms count as backups. */
  readonly vault: BackupVault;
  /** Holds the one continuous recovery point. Apart from `vault`, where the alarms would count its job as a nightly snapshot. */
  readonly continuousVault: BackupVault;

  constructor(scope: Construct, id: string, { config, key, copyTo = [] }: BackupsProps) {
    super(scope, id);
    this.vault = backupVault(this, 'Vault', { config, key });
    this.continuousVault = backupVault(this, 'ContinuousVault', { config, key });
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanName: `whatsapp-saas-${config.name}`,
      backupPlanRules: backupRules(config).map((rule) => this.rule(rule, copyTo)),
    });
    const selection = plan.addSelection('Selection', {
      resources: [BackupResource.fromArn(Stack.of(this).formatArn(ANY_DB_INSTANCE))],
    });
    // Also by tag, so that a restored instance is backed up only when a person tags it. Resources and Conditions must both match; the tags
    // of CDK's own class (ListOfTags) would add every resource that has the tag to all instances of the account.
    const { key: tag, value } = backupTag(config.name);
    (selection.node.defaultChild as CfnBackupSelection).addPropertyOverride('BackupSelection.Conditions', {
      StringEquals: [{ ConditionKey: `aws:ResourceTag/${tag}`, ConditionValue: value }],
    });
    acknowledge(selection, servicePolicyRules('AWSBackupServiceRolePolicyForBackup'), PERMISSION_REASONS.servicePolicy);
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
