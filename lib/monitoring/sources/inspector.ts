import { INSPECTOR_METRICS, type InspectorMetric } from '../../contract/metrics';
import type { PublishedSource } from './source';

const common = {
  from: 'inspector',
  domain: 'number',
  kind: 'gauge',
  periodSeconds: 300,
  missingData: 'notBreaching',
} as const;

/** What the inspector learns from the API of RDS every five minutes and publishes: facts that no metric of AWS carries. */
export const INSPECTOR_SOURCES = {
  inspector_passes: {
    ...common,
    ...INSPECTOR_METRICS.inspector_passes,
    meaning:
      'passes of the inspector that came to their end; its absence is the heartbeat alarm of all that it publishes',
    missingData: 'breaching',
  },
  rds_allocated_storage_bytes: {
    ...common,
    ...INSPECTOR_METRICS.rds_allocated_storage_bytes,
    meaning: 'storage of the server as it has grown, bytes',
  },
  rds_recovery_point_age_seconds: {
    ...common,
    ...INSPECTOR_METRICS.rds_recovery_point_age_seconds,
    meaning: 'age of the latest moment to which the primary can be restored, s (LatestRestorableTime)',
  },
  rds_ca_certificate_days: {
    ...common,
    ...INSPECTOR_METRICS.rds_ca_certificate_days,
    meaning: 'days until a server’s certificate expires',
  },
  rds_forced_maintenance_days: {
    ...common,
    ...INSPECTOR_METRICS.rds_forced_maintenance_days,
    meaning: 'days until RDS applies pending maintenance by itself, each server; 365 where none is pending',
  },
  drill_overdue_days: {
    ...common,
    ...INSPECTOR_METRICS.drill_overdue_days,
    needs: 'drills',
    // In one hour of a day.
    periodSeconds: 86_400,
    hoursAMonth: 30,
    meaning: 'days by which each kind of restore drill is overdue; negative while it is not',
  },
  rds_engine_support_days: {
    ...common,
    ...INSPECTOR_METRICS.rds_engine_support_days,
    meaning: 'days until the engine version’s standard support ends',
  },
} as const satisfies Record<InspectorMetric, PublishedSource>;
