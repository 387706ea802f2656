import type { VendedSource } from './source';

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
 * Metrics that AWS publishes, under the names that yet-another-cloudwatch-exporter gives them
 * (`aws_<service>_<metric>_<statistic>`).
 * RDS's dimensions, units and periods: RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS" and "Monitoring RDS Proxy metrics".
 */
export const VENDED_SOURCES = {
  aws_rds_free_storage_space_minimum: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'FreeStorageSpace',
    statistic: 'Minimum',
    meaning: 'free storage',
    unit: 'bytes',
    atMost: 'rds_allocated_storage_bytes',
  },
  aws_rds_cpuutilization_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'CPUUtilization',
    statistic: 'Average',
    meaning: 'CPU in use',
    unit: '%',
  },
  aws_rds_freeable_memory_minimum: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'FreeableMemory',
    statistic: 'Minimum',
    meaning: 'memory that is free or can be freed',
    unit: 'bytes',
  },
  aws_rds_swap_usage_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'SwapUsage',
    statistic: 'Average',
    meaning: 'memory that was moved to the disk',
    unit: 'bytes',
  },
  aws_rds_read_latency_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'ReadLatency',
    statistic: 'Average',
    meaning: 'time of a read from the volume',
    unit: 's',
  },
  aws_rds_write_latency_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'WriteLatency',
    statistic: 'Average',
    meaning: 'time of a write to the volume',
    unit: 's',
  },
  aws_rds_dbload_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'DBLoad',
    statistic: 'Average',
    meaning: 'sessions that run or wait, average; no value without load',
  },
  aws_rds_replica_lag_maximum: {
    ...rds,
    of: 'server',
    servers: 'replicas',
    metricName: 'ReplicaLag',
    statistic: 'Maximum',
    meaning: 'replica lag as RDS measures it; -1 where replication is not active',
    unit: 's',
    lowest: -1,
  },
  aws_rds_maximum_used_transaction_ids_average: {
    ...rds,
    of: 'server',
    servers: 'primary',
    metricName: 'MaximumUsedTransactionIDs',
    statistic: 'Average',
    meaning: 'transaction ids in use; PostgreSQL stops assigning them 3 million before 2^31',
    highest: 2 ** 31,
  },
  aws_rds_ebsbyte_balance_percent_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'EBSByteBalance%',
    statistic: 'Average',
    meaning: 'throughput credits left; only on instance classes that burst',
    unit: '%',
  },
  aws_rds_ebsiobalance_percent_average: {
    ...rds,
    of: 'server',
    servers: 'all',
    metricName: 'EBSIOBalance%',
    statistic: 'Average',
    meaning: 'IOPS credits left; only on instance classes that burst',
    unit: '%',
  },
  aws_rds_database_connections_currently_session_pinned_sum: {
    ...proxy,
    metricName: 'DatabaseConnectionsCurrentlySessionPinned',
    statistic: 'Sum',
    meaning: 'server connections of the proxy that are pinned to one client',
    atMost: 'aws_rds_database_connections_sum',
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
    meaning: 'how long a client waits for a server connection',
    unit: 'µs',
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
    meaning: 'completed backup jobs; no value for 0',
    // The first night begins within 24 hours; its job starts within an hour and ends within 12 (lib/constructs/backup/backups.ts).
    firstValueMinutes: 48 * 60,
  },
  aws_backup_number_of_backup_jobs_failed_sum: {
    ...backup,
    metricName: 'NumberOfBackupJobsFailed',
    meaning: 'failed backup jobs; no value for 0',
  },
  aws_backup_number_of_backup_jobs_expired_sum: {
    ...backup,
    metricName: 'NumberOfBackupJobsExpired',
    meaning: 'backup jobs that did not start or finish in their window; no value for 0',
  },
  aws_sns_number_of_notifications_failed_sum: {
    ...common,
    from: 'vended',
    namespace: 'AWS/SNS',
    of: 'topic',
    metricName: 'NumberOfNotificationsFailed',
    statistic: 'Sum',
    meaning: 'notifications that were not delivered',
  },
  aws_sqs_approximate_number_of_messages_visible_maximum: {
    ...common,
    from: 'vended',
    namespace: 'AWS/SQS',
    of: 'deadLetterQueue',
    metricName: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    meaning: 'notifications in the dead-letter queue',
  },
  // Lambda Developer Guide, "Types of metrics for Lambda functions".
  aws_lambda_errors_sum: {
    ...common,
    from: 'vended',
    namespace: 'AWS/Lambda',
    of: 'rotationFunction',
    domain: 'count',
    statistic: 'Sum',
    metricName: 'Errors',
    meaning: 'errors of the function that rotates a secret',
  },
  // The same metric of other functions: the exporter tells them apart by a label.
  aws_lambda_job_errors_sum: {
    ...common,
    from: 'vended',
    namespace: 'AWS/Lambda',
    of: 'jobFunction',
    domain: 'count',
    statistic: 'Sum',
    metricName: 'Errors',
    meaning: 'scheduled runs of a function that failed',
  },
  aws_states_executions_failed_sum: {
    ...states,
    metricName: 'ExecutionsFailed',
    meaning: 'restore drills that failed; no value for 0',
  },
  aws_states_executions_timed_out_sum: {
    ...states,
    metricName: 'ExecutionsTimedOut',
    meaning: 'restore drills that timed out; no value for 0',
  },
} as const satisfies Record<string, VendedSource>;
