import type { LogSource, VendedSource } from './source';

const common = { domain: 'number', periodSeconds: 60, missingData: 'notBreaching' } as const;
const rds = { ...common, from: 'vended', namespace: 'AWS/RDS' } as const;
const proxy = { ...rds, of: 'proxy' } as const;
const backup = {
  ...common,
  from: 'vended',
  namespace: 'AWS/Backup',
  of: 'vault',
  domain: 'count',
  statistic: 'Sum',
  periodSeconds: 300,
} as const;

// Step Functions Developer Guide, "Monitoring Step Functions metrics".
const states = {
  ...common,
  from: 'vended',
  namespace: 'AWS/States',
  of: 'drillMachine',
  domain: 'count',
  statistic: 'Sum',
} as const;

/**
 * Metrics of AWS itself, under the names that yet-another-cloudwatch-exporter gives them (`aws_<service>_<metric>_<statistic>`).
 * RDS's dimensions, units and periods: RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS" and "Monitoring RDS Proxy metrics".
 */
export const VENDED_SOURCES = {
  aws_rds_free_storage_space_minimum: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'FreeStorageSpace',
    statistic: 'Minimum',
    meaning: 'free storage, bytes',
  },
  aws_rds_cpuutilization_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'CPUUtilization',
    statistic: 'Average',
    meaning: 'CPU in use, %',
  },
  aws_rds_dbload_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'DBLoad',
    statistic: 'Average',
    // Published only under load.
    meaning: 'sessions that run or wait, average; no value without load',
  },
  aws_rds_replica_lag_maximum: {
    ...rds,
    of: 'server',
    servers: 'replicas',
    metricName: 'ReplicaLag',
    statistic: 'Maximum',
    meaning: 'lag as RDS sees it, s; -1 where replication is not active',
  },
  aws_rds_maximum_used_transaction_ids_average: {
    ...rds,
    of: 'server',
    servers: 'primary',
    metricName: 'MaximumUsedTransactionIDs',
    statistic: 'Average',
    meaning: 'transaction ids in use; PostgreSQL stops assigning them 3 million before 2^31',
  },
  aws_rds_ebsbyte_balance_percent_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'EBSByteBalance%',
    statistic: 'Average',
    meaning: 'throughput credits left, %; only on classes that burst',
  },
  aws_rds_ebsiobalance_percent_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'EBSIOBalance%',
    statistic: 'Average',
    meaning: 'IOPS credits left, %; only on classes that burst',
  },
  aws_rds_database_connections_currently_session_pinned_sum: {
    ...proxy,
    metricName: 'DatabaseConnectionsCurrentlySessionPinned',
    statistic: 'Sum',
    meaning: 'server connections of the proxy that are pinned to one client',
  },
  aws_rds_database_connections_sum: {
    ...proxy,
    metricName: 'DatabaseConnections',
    statistic: 'Sum',
    meaning: 'server connections of the proxy',
  },
  aws_rds_database_connections_borrow_latency_average: {
    ...proxy,
    metricName: 'DatabaseConnectionsBorrowLatency',
    statistic: 'Average',
    meaning: 'how long a client waits for a server connection, µs',
  },
  aws_rds_client_connections_setup_failed_auth_sum: {
    ...proxy,
    metricName: 'ClientConnectionsSetupFailedAuth',
    statistic: 'Sum',
    meaning: 'log-ins that the proxy refused',
  },
  aws_backup_number_of_backup_jobs_completed_sum: {
    ...backup,
    metricName: 'NumberOfBackupJobsCompleted',
    meaning: 'completed backups; no value without one',
  },
  aws_backup_number_of_backup_jobs_failed_sum: {
    ...backup,
    metricName: 'NumberOfBackupJobsFailed',
    meaning: 'failed backups; no value without one',
  },
  aws_backup_number_of_backup_jobs_expired_sum: {
    ...backup,
    metricName: 'NumberOfBackupJobsExpired',
    meaning: 'backups that did not start or end in their window; no value without one',
  },
  aws_sns_number_of_notifications_failed_sum: {
    ...common,
    from: 'vended',
    namespace: 'AWS/SNS',
    of: 'topic',
    metricName: 'NumberOfNotificationsFailed',
    statistic: 'Sum',
    meaning: 'notices that reached nobody',
  },
  aws_sqs_approximate_number_of_messages_visible_maximum: {
    ...common,
    from: 'vended',
    namespace: 'AWS/SQS',
    of: 'deadLetterQueue',
    metricName: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    meaning: 'notices in the dead-letter queue',
  },
  aws_states_executions_failed_sum: {
    ...states,
    metricName: 'ExecutionsFailed',
    meaning: 'restore drills that failed; no value without one',
  },
  aws_states_executions_timed_out_sum: {
    ...states,
    metricName: 'ExecutionsTimedOut',
    meaning: 'restore drills that did not come to their end; no value without one',
  },
  pg_log_refused_logins: {
    ...common,
    from: 'log',
    domain: 'count',
    pattern: '?"password authentication failed" ?"no pg_hba.conf entry" ?"PAM authentication failed"',
    meaning: 'log-ins that PostgreSQL refused',
  },
} as const satisfies Record<string, VendedSource | LogSource>;
