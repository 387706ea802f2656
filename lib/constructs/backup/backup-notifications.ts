import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Severity } from '../../shared/severities';
import { chatNotification } from '../../contract/chat-notification';
import type { Backups } from './backups';
import type { NotificationTopics } from '../notifications/notification-topics';

/** What is said of an environment's backups. */
export interface BackupNotificationsProps {
  readonly environment: string;
  /** The job of the continuous recovery point succeeds without a word. */
  readonly backups: Pick<Backups, 'vault' | 'continuousVault'>;
  readonly topics: NotificationTopics;
}

/** A kind of job, and where its events have what (AWS Backup developer guide, "Monitoring events using EventBridge"). */
interface Job {
  readonly detailType: string;
  readonly state: 'state' | 'status';
  readonly vault: 'backupVaultArn' | 'sourceBackupVaultArn';
  /** Paths below `detail`, by what they tell. */
  readonly says: Readonly<Record<string, string>>;
}

const JOBS = {
  Backup: {
    detailType: 'Backup Job State Change',
    state: 'state',
    vault: 'backupVaultArn',
    says: { Server: 'resourceArn', Vault: 'backupVaultName', Ended: 'completionDate' },
  },
  Copy: {
    detailType: 'Copy Job State Change',
    state: 'state',
    vault: 'sourceBackupVaultArn',
    says: { Server: 'resourceArn', To: 'destinationBackupVaultArn', Ended: 'completionDate' },
  },
  Restore: {
    detailType: 'Restore Job State Change',
    state: 'status',
    vault: 'backupVaultArn',
    says: { Server: 'createdResourceArn', From: 'recoveryPointArn', Ended: 'completionDate' },
  },
} as const satisfies Record<string, Job>;

/**
 * A notice after each job of AWS Backup on this environment's vaults. Success goes to the addresses. A backup that ended otherwise tells its
 * reason where its alarm goes, which does not know it; one with a remark is what the console calls "completed with issues", such as a
 * snapshot in place of a continuous backup. Copies and restores that failed are alerts (alerts.yml). EventBridge gets all of them on a
 * best effort: that one is missing is what PostgreSQLBackupMissing tells.
 */
export class BackupNotifications extends Construct {
  constructor(scope: Construct, id: string, props: BackupNotificationsProps) {
    super(scope, id);
    const { vault, continuousVault } = props.backups;
    const remark = [{ 'anything-but': '' }];
    const none = [{ exists: false }, ''];
    for (const kind of Object.keys(JOBS) as (keyof typeof JOBS)[]) {
      const also = kind === 'Backup' ? { statusMessage: none } : {};
      this.rule(kind, 'Completed', 'info', props, [vault], { states: ['COMPLETED'], ...also });
    }
    const both = [vault, continuousVault];
    this.rule('Backup', 'WithRemark', 'warning', props, both, { states: ['COMPLETED'], statusMessage: remark });
    this.rule('Backup', 'Failed', 'critical', props, both, { states: ['FAILED', 'ABORTED', 'EXPIRED'] });
  }

  private rule(
    kind: keyof typeof JOBS,
    outcome: string,
    severity: Severity,
    { environment, topics }: BackupNotificationsProps,
    vaults: readonly IBackupVault[],
    { states, ...also }: { readonly states: string[]; readonly statusMessage?: unknown[] },
  ): void {
    const { detailType, state, vault, says }: Job = JOBS[kind];
    const rule = new Rule(this, `${kind}${outcome}`, {
      description: `${kind} jobs of ${environment} that ended: ${outcome}`,
      eventPattern: {
        source: ['aws.backup'],
        detailType: [detailType],
        detail: { ...also, [state]: states, [vault]: vaults.map(({ backupVaultArn }) => backupVaultArn) },
      },
    });
    const told = { ...says, ...(outcome === 'Completed' ? {} : { Reason: 'statusMessage' }) };
    const lines = Object.entries(told).map(([what, path]) => `${what}: ${EventField.fromPath(`$.detail.${path}`)}`);
    const title = `${kind} of ${environment}: ${EventField.fromPath(`$.detail.${state}`)}`;
    const message =
      severity === 'info'
        ? RuleTargetInput.fromText([title, ...lines].join(' | '))
        : RuleTargetInput.fromObject(chatNotification(title, lines));
    for (const topic of topics.of({ severity, component: 'backup' })) {
      rule.addTarget(new SnsTopic(topic, { message, deadLetterQueue: topics.deadLetterQueue }));
    }
  }
}
