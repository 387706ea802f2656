import type { DrillMetric } from '../../lib/contract/metrics';
import { SUCCESS_METRICS } from '../../lib/contract/drill/kinds';
import type { DrillState, Measured } from '../../lib/contract/drill/state';
import type { SeriesValues } from '../shared/metric-data';

/** How long the recovery took, and by how much the newest data is older than the wanted moment. */
export function measure(startedAt: string, state: DrillState): Measured {
  const { target, instance, connection, validation } = state;
  if (!target || !instance || !connection || !validation) {
    throw new Error('the drill is measured before its restored database was validated; the state machine is at fault');
  }
  return {
    restoreSeconds: secondsBetween(startedAt, instance.at),
    connectSeconds: secondsBetween(instance.at, connection.at),
    validateSeconds: secondsBetween(connection.at, validation.at),
    recoveryTimeSeconds: secondsBetween(startedAt, validation.at),
    // The clocks of two machines may differ slightly.
    recoveryPointSeconds: Math.max(0, secondsBetween(validation.heartbeatAt, target.wantedAt)),
  };
}

/** The measurements as metrics. */
export function measuredSeries(measured: Measured): SeriesValues[] {
  const values: Partial<Record<DrillMetric, number>> = {
    drill_restore_seconds: measured.restoreSeconds,
    drill_connect_seconds: measured.connectSeconds,
    drill_validate_seconds: measured.validateSeconds,
    drill_recovery_time_seconds: measured.recoveryTimeSeconds,
    drill_recovery_point_seconds: measured.recoveryPointSeconds,
  };
  return Object.entries(values).map(([metric, value]) => ({ metric, values: [value] }));
}

/** The success of a drill as the metric of its kind; empty when it failed, which the metrics of Step Functions show. */
export function successSeries(state: DrillState): SeriesValues[] {
  return hasFailed(state) || !state.target
    ? []
    : [{ metric: SUCCESS_METRICS[state.target.drill] satisfies DrillMetric, values: [1] }];
}

/** Whether a drill or its clean-up failed. */
export function hasFailed({ failure, cleanupFailure, sweepFailure }: DrillState): boolean {
  return [failure, cleanupFailure, sweepFailure].some((each) => each !== undefined);
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
