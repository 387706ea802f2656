import type { DrillMetric } from '../../contract/metrics';
import type { PublishedSource } from './source';

const common = {
  from: 'drill',
  domain: 'number',
  kind: 'gauge',
  per: 'environment',
  servers: 'primary',
  needs: 'drills',
  periodSeconds: 300,
  missingData: 'notBreaching',
  // At most six scheduled drills a month, and as many started by hand.
  hoursAMonth: 12,
} as const;

/** Metrics that each restore drill publishes once. The inspector's drill_overdue_days watches that drills run at all. */
export const DRILL_SOURCES = {
  drill_restore_seconds: {
    ...common,
    meaning: 'from the start of a restore drill until RDS reports its instance as available',
    unit: 's',
  },
  drill_connect_seconds: { ...common, meaning: 'from an available instance until the first session', unit: 's' },
  drill_validate_seconds: {
    ...common,
    meaning: 'from the first session until the last check of the data passed',
    unit: 's',
  },
  drill_recovery_time_seconds: {
    ...common,
    meaning: 'recovery time of a restore drill, from its start until the last check passed',
    unit: 's',
  },
  drill_recovery_point_seconds: {
    ...common,
    meaning: 'recovery point of a restore drill: from the newest restored heartbeat until the requested time',
    unit: 's',
  },
  drill_verification_successes: { ...common, meaning: '1 for each verification that succeeded' },
  drill_point_in_time_successes: { ...common, meaning: '1 for each point-in-time drill that succeeded' },
  drill_full_successes: { ...common, meaning: '1 for each full drill that succeeded' },
} as const satisfies Record<DrillMetric, PublishedSource>;
