import type { Publication } from './collected-query';

/** CloudWatch namespace of the metrics that this project publishes. */
export const METRIC_NAMESPACE = 'WhatsAppSaaS/PostgreSQL';

/** Metrics that the collector publishes without a query. */
export const OWN_METRICS = ['collector_passes', 'collector_failed_queries', 'pg_up'] as const;
/** A metric that the collector publishes without a query. */
export type OwnMetric = (typeof OWN_METRICS)[number];

/** Metrics that the inspector publishes: the servers that each one exists for, and whether a series stands for one server. */
export const INSPECTOR_METRICS = {
  inspector_passes: { per: 'environment', servers: 'primary' },
  rds_allocated_storage_bytes: { per: 'server', servers: 'all' },
  rds_recovery_point_age_seconds: { per: 'environment', servers: 'primary' },
  rds_ca_certificate_days: { per: 'environment', servers: 'all' },
  rds_forced_maintenance_days: { per: 'environment', servers: 'all' },
  drill_overdue_days: { per: 'environment', servers: 'primary' },
  care_overdue_days: { per: 'environment', servers: 'primary' },
  rds_engine_support_days: { per: 'environment', servers: 'primary' },
  sns_unconfirmed_subscriptions: { per: 'environment', servers: 'primary' },
} as const satisfies Record<string, Pick<Publication, 'per' | 'servers'>>;
/** A metric that the inspector publishes. */
export type InspectorMetric = keyof typeof INSPECTOR_METRICS;

/** Metric of the drift function: how many differences it found. */
export type DriftMetric = 'drift_findings';

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
