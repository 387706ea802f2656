import { constant, daily, type Incident, missing, once } from './incident';

const GIB = 2 ** 30;
const HOURS = 60;
const DAYS = 24 * HOURS;
const OF_APPLICATION = [
  'failed_messages_*',
  'ai_*',
  'webhook_errors_*',
  'booking_conflicts_*',
  'silent_salons_*',
  'service_traffic_*',
  'usual_traffic_*',
];

/** Incidents of storage, backups, drills, monitoring, security and notifications. Each begins on a Tuesday at noon. */
export const OPERATION_INCIDENTS: readonly Incident[] = [
  {
    name: 'the collector is dead',
    minutes: HOURS,
    fires: ['PostgreSQLMetricsMissing'],
    pages: true,
    values: ['collector_*', 'pg_*', 'replication_lag_*', 'table_bloat_*', 'backup_size_*', ...OF_APPLICATION].map(
      (metric) => missing(metric),
    ),
  },
  {
    name: 'the inspector is dead',
    minutes: 2 * HOURS,
    fires: ['PostgreSQLInspectorMissing'],
    pages: false,
    values: ['inspector_passes', 'rds_allocated_storage_bytes', 'rds_recovery_point_age_seconds'].map((metric) =>
      missing(metric),
    ),
  },
  {
    name: 'a query of the collector always fails',
    minutes: HOURS,
    fires: ['PostgreSQLMetricsIncomplete'],
    pages: false,
    values: [constant('collector_failed_queries', 1)],
  },
  {
    name: 'the data grow by 1 % of the storage ceiling a day, and under a fifth is left',
    minutes: 2 * DAYS,
    fires: ['PostgreSQLDiskSpaceLow-primary'],
    pages: false,
    values: [
      constant('rds_allocated_storage_bytes', 390 * GIB, { server: 'primary' }),
      { metric: 'FreeStorageSpace', server: 'primary', value: (since) => (78.5 - (3.9 * since) / 1440) * GIB },
    ],
  },
  {
    name: 'the storage is nearly at its ceiling',
    minutes: 3 * HOURS,
    fires: ['PostgreSQLDiskSpaceLow-primary', 'PostgreSQLDiskSpaceCritical-primary'],
    mayFire: ['PostgreSQLStorageNotGrowing-primary'],
    pages: true,
    values: [
      constant('rds_allocated_storage_bytes', 390 * GIB, { server: 'primary' }),
      constant('FreeStorageSpace', 30 * GIB, { server: 'primary' }),
    ],
  },
  {
    name: 'a job fills the volume, which does not grow',
    minutes: 3 * HOURS,
    fires: ['PostgreSQLStorageNotGrowing-primary'],
    pages: true,
    values: [constant('FreeStorageSpace', 4 * GIB, { server: 'primary' })],
  },
  {
    name: 'a page is damaged',
    minutes: 1,
    fires: ['PostgreSQLChecksumFailed'],
    pages: true,
    values: [once('pg_checksums_failures_total', 1)],
  },
  {
    name: 'WAL cannot be archived',
    minutes: HOURS,
    fires: ['PostgreSQLWALFilesAccumulating', 'PostgreSQLRecoveryPointOld'],
    pages: true,
    values: [
      constant('pg_archiver_failed_total', 5),
      { metric: 'rds_recovery_point_age_seconds', value: (since, normal) => (Number.isNaN(normal) ? NaN : since * 60) },
    ],
  },
  {
    name: 'no backup is made any more',
    minutes: 2 * DAYS,
    fires: ['PostgreSQLBackupMissing'],
    pages: true,
    values: [missing('NumberOfBackupJobsCompleted')],
  },
  {
    name: 'a backup fails, and is repeated an hour later',
    minutes: 2 * HOURS,
    fires: ['PostgreSQLBackupFailed-NumberOfBackupJobsFailed'],
    pages: true,
    values: [
      once('NumberOfBackupJobsFailed', 1),
      { metric: 'NumberOfBackupJobsCompleted', value: (since) => (since === 60 ? 1 : NaN) },
    ],
  },
  {
    name: 'a backup expires',
    minutes: 1,
    fires: ['PostgreSQLBackupFailed-NumberOfBackupJobsExpired'],
    pages: true,
    values: [once('NumberOfBackupJobsExpired', 1)],
  },
  {
    name: 'the recovery point falls behind',
    minutes: HOURS,
    fires: ['PostgreSQLRecoveryPointOld'],
    pages: true,
    values: [
      {
        metric: 'rds_recovery_point_age_seconds',
        value: (since, normal) => (Number.isNaN(normal) ? NaN : 300 + since * 60),
      },
    ],
  },
  {
    name: 'a restore drill fails',
    minutes: 1,
    fires: ['RestoreDrillFailed-ExecutionsFailed'],
    pages: false,
    values: [once('ExecutionsFailed', 1)],
  },
  {
    name: 'a restore drill times out',
    minutes: 1,
    fires: ['RestoreDrillFailed-ExecutionsTimedOut'],
    pages: false,
    values: [once('ExecutionsTimedOut', 1)],
  },
  {
    name: 'a restore takes over an hour and loses ten minutes',
    minutes: 1,
    fires: ['RestoreDrillRecoveryTimeHigh', 'RestoreDrillRecoveryPointOld'],
    pages: false,
    values: [once('drill_recovery_time_seconds', 5000), once('drill_recovery_point_seconds', 600)],
  },
  {
    name: 'drills do not run any more',
    minutes: 2 * DAYS + 12 * HOURS,
    fires: ['RestoreDrillOverdue'],
    pages: false,
    values: [daily('drill_overdue_days', 1)],
  },
  {
    name: 'a certificate expires within 50 days',
    minutes: 2 * DAYS + 12 * HOURS,
    fires: ['PostgreSQLCertificateExpiring'],
    pages: false,
    values: [daily('rds_ca_certificate_days', 50)],
  },
  {
    name: 'somebody guesses passwords',
    minutes: 20,
    fires: ['PostgreSQLUnauthorizedAccessAttempts'],
    pages: false,
    values: [constant('pg_log_refused_logins', 4)],
  },
  {
    name: 'somebody logs in as the master user',
    minutes: 1,
    fires: ['PostgreSQLMasterLogin'],
    pages: false,
    values: [once('pg_log_master_logins', 1)],
  },
  {
    name: 'somebody grants a privilege',
    minutes: 1,
    fires: ['PostgreSQLPrivilegesChanged'],
    pages: false,
    values: [once('pg_log_privilege_changes', 1)],
  },
  {
    name: 'somebody changes a setting',
    minutes: 1,
    fires: ['PostgreSQLConfigurationChanged'],
    pages: false,
    values: [once('pg_configuration_fingerprint', 1)],
  },
  {
    name: 'a parameter waits for a restart',
    minutes: 3 * HOURS,
    fires: ['PostgreSQLParametersPending'],
    pages: false,
    values: [constant('pg_configuration_pending_restart', 1)],
  },
  {
    name: 'somebody reads the master password',
    minutes: 1,
    fires: ['PostgreSQLMasterSecretRead'],
    pages: true,
    values: [once('TriggeredRules', 1, { alert: 'PostgreSQLMasterSecretRead' })],
  },
  {
    name: 'a secret cannot be rotated',
    minutes: 1,
    fires: ['PostgreSQLSecretRotationFailed'],
    pages: true,
    values: [once('TriggeredRules', 1, { alert: 'PostgreSQLSecretRotationFailed' })],
  },
  {
    name: 'Slack accepts no notifications',
    minutes: 30,
    fires: ['NotificationDeliveryFailed-warning'],
    pages: true,
    values: [constant('NumberOfNotificationsFailed', 1, { alert: 'NotificationDeliveryFailed-warning' })],
  },
  {
    name: 'notifications end in the dead-letter queue',
    minutes: HOURS,
    fires: ['NotificationsInDeadLetterQueue'],
    pages: false,
    values: [constant('ApproximateNumberOfMessagesVisible', 3)],
  },
];
