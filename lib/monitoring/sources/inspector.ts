import type { InspectorMetric } from '../../contract/metrics';
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
    per: 'environment',
    servers: 'primary',
    meaning:
      'passes of the inspector that came to their end; its absence is the heartbeat alarm of all that it publishes',
    missingData: 'breaching',
  },
  rds_allocated_storage_bytes: {
    ...common,
    per: 'server',
    servers: 'all',
    meaning: 'storage of the server as it has grown, bytes',
  },
  rds_recovery_point_age_seconds: {
    ...common,
    per: 'environment',
    servers: 'primary',
    meaning: 'age of the latest moment to which the primary can be restored, s (LatestRestorableTime)',
  },
  rds_ca_certificate_days: {
    ...common,
    per: 'environment',
    servers: 'all',
    meaning: 'days until a server’s certificate expires',
  },
  rds_forced_maintenance_days: {
    ...common,
    per: 'environment',
    servers: 'all',
    meaning: 'days until RDS applies pending maintenance by itself, each server; 365 where none is pending',
  },
  drill_overdue_days: {
    ...common,
    per: 'environment',
    servers: 'primary',
    needs: 'drills',
    // In one hour of a day.
    periodSeconds: 86_400,
    hoursAMonth: 30,
    meaning: 'days by which each kind of restore drill is overdue; negative while it is not',
  },
  rds_engine_support_days: {
    ...common,
    per: 'environment',
    servers: 'primary',
    meaning: 'days until the engine version’s standard support ends',
  },
} as const satisfies Record<InspectorMetric, PublishedSource>;
