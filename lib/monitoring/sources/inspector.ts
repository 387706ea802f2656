import { INSPECTOR_METRICS, type InspectorMetric } from '../../contract/metrics';
import type { PublishedSource } from './source';

const common = {
  from: 'inspector',
  domain: 'number',
  kind: 'gauge',
  periodSeconds: 300,
  missingData: 'notBreaching',
} as const;

/** Published in one hour of each day: it changes by days. */
const daily = { ...common, periodSeconds: 86_400, hoursAMonth: 30 } as const;
const days = { ...daily, unit: 'days' } as const;

/** Metrics that the inspector asks AWS for, because AWS publishes no metric of them. */
export const INSPECTOR_SOURCES = {
  inspector_passes: {
    ...common,
    ...INSPECTOR_METRICS.inspector_passes,
    meaning: 'completed passes of the inspector; their absence is the heartbeat alarm for all metrics of the inspector',
    missingData: 'breaching',
    // It passes every five minutes.
    firstValueMinutes: 30,
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
    ...days,
    ...INSPECTOR_METRICS.rds_ca_certificate_days,
    meaning: 'time until a server’s certificate expires',
  },
  rds_forced_maintenance_days: {
    ...days,
    ...INSPECTOR_METRICS.rds_forced_maintenance_days,
    meaning: 'time until RDS applies pending maintenance automatically, each server; 365 where none is pending',
  },
  drill_overdue_days: {
    ...days,
    ...INSPECTOR_METRICS.drill_overdue_days,
    needs: 'drills',
    meaning: 'time by which each kind of restore drill is overdue; negative while it is not',
    lowest: -Infinity,
  },
  care_overdue_days: {
    ...days,
    ...INSPECTOR_METRICS.care_overdue_days,
    meaning: 'time by which each job of care is overdue; negative while it is not',
    lowest: -Infinity,
  },
  rds_engine_support_days: {
    ...days,
    ...INSPECTOR_METRICS.rds_engine_support_days,
    meaning: 'time until the engine version’s standard support ends',
  },
  sns_unconfirmed_subscriptions: {
    ...daily,
    ...INSPECTOR_METRICS.sns_unconfirmed_subscriptions,
    domain: 'count',
    meaning:
      'subscriptions of each notification topic that are not confirmed; an unconfirmed one is deleted after 48 hours and counts on',
  },
} as const satisfies Record<InspectorMetric, PublishedSource>;
