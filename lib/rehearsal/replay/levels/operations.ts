import { aws, type Facts, type Level, type Levels, logLines, own, type Published } from '../level';

const DAY = 1440;

/** Something that happens once. */
const once =
  (severity: 'critical' | 'warning', published: (facts: Facts, ...values: number[]) => Published) =>
  (facts: Facts): Level => ({ severity, fires: [published(facts, 1)], staysOk: [[published(facts)]], minutes: 0 });
/** A figure that the inspector publishes every five minutes, judged over two days. */
const slowly =
  (metric: string, fires: number, ok: number) =>
  (facts: Facts): Level => ({
    severity: 'warning',
    fires: [own(facts, metric, fires)],
    staysOk: [[own(facts, metric, ok)]],
    minutes: 2 * DAY,
    every: 5,
  });
const ofTopic =
  (topic: string) =>
  (facts: Facts): Level => ({
    ...once('critical', (_, ...values) =>
      aws('SNS', 'NumberOfNotificationsFailed', { TopicName: new RegExp(`Topics${topic}`) }, ...values),
    )(facts),
    also: 'info',
  });
const rotation = (secret: RegExp) =>
  once('critical', (_, ...values) => aws('Lambda', 'Errors', { FunctionName: secret }, ...values));
const event = (alert: string) =>
  once('critical', (_, ...values) => aws('Events', 'TriggeredRules', { RuleName: new RegExp(alert) }, ...values));
const drill = (metric: string) =>
  once('warning', (_, ...values) => aws('States', metric, { StateMachineArn: /restore-drill/ }, ...values));
const backupJobs = (metric: string) =>
  once('critical', (_, ...values) => aws('Backup', metric, { BackupVaultName: /BackupsVault/ }, ...values));
const measured =
  (metric: string, fires: number, ok: number) =>
  (facts: Facts): Level => ({
    severity: 'warning',
    fires: [own(facts, metric, fires)],
    staysOk: [[own(facts, metric, ok)]],
    minutes: 0,
  });

/** Backups, drills, security, maintenance and notifications. */
export const OPERATION_LEVELS: Levels = {
  PostgreSQLBackupMissing: () => ({
    severity: 'critical',
    fires: [aws('Backup', 'NumberOfBackupJobsCompleted', { BackupVaultName: /BackupsVault/ })],
    staysOk: [[aws('Backup', 'NumberOfBackupJobsCompleted', { BackupVaultName: /BackupsVault/ }, 1)]],
    minutes: 29 * 60,
    tooShort: 20 * 60,
    every: DAY,
    firesWithoutValues: true,
  }),
  'PostgreSQLBackupFailed-NumberOfBackupJobsFailed': backupJobs('NumberOfBackupJobsFailed'),
  'PostgreSQLBackupFailed-NumberOfBackupJobsExpired': backupJobs('NumberOfBackupJobsExpired'),
  PostgreSQLBackupSizeIncreasing: (facts) => ({
    severity: 'info',
    fires: [own(facts, 'backup_size_growth_ratio', 0.21)],
    staysOk: [[own(facts, 'backup_size_growth_ratio', 0.19)]],
    minutes: 8 * DAY,
    tooShort: 5 * DAY,
  }),
  'RestoreDrillFailed-ExecutionsFailed': drill('ExecutionsFailed'),
  'RestoreDrillFailed-ExecutionsTimedOut': drill('ExecutionsTimedOut'),
  RestoreDrillRecoveryTimeHigh: measured('drill_recovery_time_seconds', 3700, 3500),
  RestoreDrillRecoveryPointOld: measured('drill_recovery_point_seconds', 310, 290),
  RestoreDrillOverdue: slowly('drill_overdue_days', 1, 0),
  CareOverdue: slowly('care_overdue_days', 0.5, 0),
  ConfigurationDrift: measured('drift_findings', 1, 0),
  'CareFailed-care': once('warning', (_, ...values) =>
    aws('Lambda', 'Errors', { FunctionName: /JobsCare[0-9A-F]{8}/ }, ...values),
  ),
  PostgreSQLMasterLogin: once('warning', (facts, ...values) => logLines(facts, 'pg_log_master_logins', ...values)),
  PostgreSQLPrivilegesChanged: once('warning', (facts, ...values) =>
    logLines(facts, 'pg_log_privilege_changes', ...values),
  ),
  // The collector publishes 1 when a setting has changed.
  PostgreSQLConfigurationChanged: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_configuration_fingerprint', 1, 0)],
    staysOk: [[own(facts, 'pg_configuration_fingerprint', 0, 0)]],
    minutes: 0,
  }),
  PostgreSQLParametersPending: (facts) => ({
    severity: 'warning',
    fires: [own(facts, 'pg_configuration_pending_restart', 1, 0)],
    staysOk: [[own(facts, 'pg_configuration_pending_restart', 0, 0)]],
    minutes: 61,
    tooShort: 45,
  }),
  'PostgreSQLSecretRotationFailed-master': rotation(/DatabaseMasterRotation/),
  'PostgreSQLSecretRotationFailed-application': rotation(/AccessRotation/),
  PostgreSQLSecretRotationFailed: event('PostgreSQLSecretRotationFailed'),
  PostgreSQLMasterSecretRead: event('PostgreSQLMasterSecretRead'),
  PostgreSQLStorageCannotGrow: event('PostgreSQLStorageCannotGrow'),
  PostgreSQLCertificateExpiring: slowly('rds_ca_certificate_days', 58, 62),
  PostgreSQLForcedMaintenance: slowly('rds_forced_maintenance_days', 6, 8),
  PostgreSQLEngineSupportEnding: slowly('rds_engine_support_days', 88, 92),
  'NotificationDeliveryFailed-critical': ofTopic('Critical'),
  'NotificationDeliveryFailed-warning': ofTopic('Warning'),
  'NotificationDeliveryFailed-info': ofTopic('Info'),
  'NotificationDeliveryFailed-paging': ofTopic('Paging'),
  NotificationsInDeadLetterQueue: () => ({
    severity: 'warning',
    also: 'info',
    fires: [aws('SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: /TopicsUndelivered/ }, 1)],
    staysOk: [[aws('SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: /TopicsUndelivered/ }, 0)]],
    minutes: 6,
    tooShort: 4,
  }),
  SubscriptionsUnconfirmed: (facts) => ({ ...slowly('sns_unconfirmed_subscriptions', 1, 0)(facts), also: 'info' }),
};
