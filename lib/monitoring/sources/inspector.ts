import { INSPECTOR_METRICS, type InspectorMetric } from '../../contract/metrics';
import type { PublishedSource } from './source';

const common = {
  from: 'inspector',
  domain: 'number',
  kind: 'gauge',
  periodSeconds: 300,
  missingData: 'notBreaching',
} as const;

/** Metrics that the inspector reads from the RDS API every five minutes, because AWS publishes no metric of them. */
export const INSPECTOR_SOURCES = {
  inspector_passes: {
    ...common,
    ...INSPECTOR_METRICS.inspector_passes,
    meaning: 'completed passes of the inspector; their absence is the heartbeat alarm for all metrics of the inspector',
    missingData: 'breaching',
  },
  rds_allocated_storage_bytes: {
    ...common,
    ...INSPECTOR_METRICS.rds_allocated_storage_bytes,
    meaning: 'allocated storage of the server, autoscaling included',
    unit: 'bytes',
    atMost: 'rds_storage_ceiling_bytes',
  },
  rds_recovery_point_age_seconds: {
    ...common,
    ...INSPECTOR_METRICS.rds_recovery_point_age_seconds,
    meaning: 'age of the latest time to which the primary can be restored (LatestRestorableTime)',
    unit: 's',
  },
  rds_ca_certificate_days: {
    ...common,
    ...INSPECTOR_METRICS.rds_ca_certificate_days,
    meaning: 'time until a server’s certificate expires',
    unit: 'days',
  },
  rds_forced_maintenance_days: {
    ...common,
    ...INSPECTOR_METRICS.rds_forced_maintenance_days,
    meaning: 'time until RDS applies pending maintenance automatically, each server; 365 where none is pending',
    unit: 'days',
  },
  drill_overdue_days: {
    ...common,
    ...INSPECTOR_METRICS.drill_overdue_days,
    needs: 'drills',
    // Published in one hour of each day.
    periodSeconds: 86_400,
    hoursAMonth: 30,
    meaning: 'time by which each kind of restore drill is overdue; negative while it is not',
    unit: 'days',
    lowest: -Infinity,
  },
  rds_engine_support_days: {
    ...common,
    ...INSPECTOR_METRICS.rds_engine_support_days,
    meaning: 'time until the engine version’s standard support ends',
    unit: 'days',
  },
} as const satisfies Record<InspectorMetric, PublishedSource>;
