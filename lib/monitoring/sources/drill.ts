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
  // Six drills by schedule at the most, as many by hand.
  hoursAMonth: 12,
} as const;

/** What a restore drill publishes, once each. That drills run at all is watched by the inspector's drill_overdue_days. */
export const DRILL_SOURCES = {
  drill_restore_seconds: {
    ...common,
    meaning: 'from the start of a restore drill until RDS calls its instance available, s',
  },
  drill_connect_seconds: { ...common, meaning: 'from then until its first session, s' },
  drill_validate_seconds: { ...common, meaning: 'from then until the last check of its data passed, s' },
  drill_recovery_time_seconds: {
    ...common,
    meaning: 'recovery time of a restore drill, from its start until the last check passed, s',
  },
  drill_recovery_point_seconds: {
    ...common,
    meaning: 'recovery point of a restore drill: from its newest heartbeat until the moment that was wanted, s',
  },
  drill_verification_successes: { ...common, meaning: '1 for each verification that succeeded' },
  drill_point_in_time_successes: { ...common, meaning: '1 for each point-in-time drill that succeeded' },
  drill_full_successes: { ...common, meaning: '1 for each full drill that succeeded' },
} as const satisfies Record<DrillMetric, PublishedSource>;
