/** CloudWatch namespace of the metrics that this project publishes. */
export const METRIC_NAMESPACE = 'WhatsAppSaaS/PostgreSQL';

/** Metrics that the collector publishes without a query. */
export const OWN_METRICS = ['collector_passes', 'collector_failed_queries', 'pg_up'] as const;
/** A metric that the collector publishes without a query. */
export type OwnMetric = (typeof OWN_METRICS)[number];

/** Metrics that the inspector publishes. */
export type InspectorMetric =
  | 'inspector_passes'
  | 'rds_allocated_storage_bytes'
  | 'rds_recovery_point_age_seconds'
  | 'rds_ca_certificate_days'
  | 'rds_forced_maintenance_days'
  | 'drill_overdue_days'
  | 'rds_engine_support_days';

/** Metrics that a restore drill publishes. */
export type DrillMetric =
  | 'drill_restore_seconds'
  | 'drill_connect_seconds'
  | 'drill_validate_seconds'
  | 'drill_recovery_time_seconds'
  | 'drill_recovery_point_seconds'
  | 'drill_verification_successes'
  | 'drill_point_in_time_successes'
  | 'drill_full_successes';
