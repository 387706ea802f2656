import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import { EventField } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Severity } from '../../shared/severities';
import { EventNotification } from '../notifications/event-notification';
import type { Backups } from './backups';
import type { NotificationTopics } from '../notifications/notification-topics';

/** Notifications about an environment's backups. */
export interface BackupNotificationsProps {
  readonly environment: string;
  /** A successful job of the continuous recovery point sends no notification. */
  readonly backups: Pick<Backups, 'vault' | 'continuousVault'>;
  readonly topics: NotificationTopics;
}

/** A kind of job, and the fields of its events (AWS Backup developer guide, "Monitoring events using EventBridge"). */
interface Job {
  readonly detailType: string;
  readonly state: 'state' | 'status';
  readonly vault: 'backupVaultArn' | 'sourceBackupVaultArn';
  /** Fields of `detail` that the notification shows, by their label. */
  readonly shows: Readonly<Record<string, string>>;
}

const JOBS = {
  Backup: {
    detailType: 'Backup Job State Change',
    state: 'state',
    vault: 'backupVaultArn',
    shows: { Server: 'resourceArn', Vault: 'backupVaultName', Ended: 'completionDate' },
  },
  Copy: {
    detailType: 'Copy Job State Change',
    state: 'state',
    vault: 'sourceBackupVaultArn',
    shows: { Server: 'resourceArn', To: 'destinationBackupVaultArn', Ended: 'completionDate' },
  },
  Restore: {
    detailType: 'Restore Job State Change',
    state: 'status',
    vault: 'backupVaultArn',
    shows: { Server: 'createdResourceArn', From: 'recoveryPointArn', Ended: 'completionDate' },
  },
} as const satisfies Record<string, Job>;

/**
 * A notification after each job of AWS Backup on this environment's vaults. Success goes to the email addresses. A failed backup sends
 * its reason to the topic of its alarm, because the alarm does not know the reason. A backup with a remark goes to `warning`: the
 * console calls it "completed with issues", for example a snapshot in place of a continuous backup. Failed copies and restores are
 * alerts of alerts.yml. EventBridge receives these events on a best-effort basis; the alert PostgreSQLBackupMissing covers lost ones.
 */
export class BackupNotifications extends Construct {
  constructor(scope: Construct, id: string, props: BackupNotificationsProps) {
    super(scope, id);
    const { vault, continuousVault } = props.backups;
    const remark = [{ 'anything-but': '' }];
    const noRemark = [{ exists: false }, ''];
    for (const kind of Object.keys(JOBS) as (keyof typeof JOBS)[]) {
      const also = kind === 'Backup' ? { statusMessage: noRemark } : {};
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
    const { detailType, state, vault, shows }: Job = JOBS[kind];
    new EventNotification(this, `${kind}${outcome}`, {
      description: `${kind} jobs of ${environment} that ended: ${outcome}`,
      pattern: {
        source: ['aws.backup'],
        detailType: [detailType],
        detail: { ...also, [state]: states, [vault]: vaults.map(({ backupVaultArn }) => backupVaultArn) },
      },
      to: topics.of({ severity, component: 'backup' }),
      topics,
      title: `${kind} of ${environment}: ${EventField.fromPath(`$.detail.${state}`)}`,
      facts: Object.fromEntries(Object.entries(shows).map(([label, field]) => [label, `$.detail.${field}` as const])),
      ...(outcome !== 'Completed' && {
        sentence: { label: 'Reason', field: 'statusMessage', mayLack: also.statusMessage === undefined },
      }),
    });
  }
}
