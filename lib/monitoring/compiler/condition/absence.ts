import { formatDuration } from '../../../shared/duration';
import type { Absence } from '../expression';
import { targetsOf } from '../target';
import { alarmInput, alarmMetrics, seriesSourceOf } from './alarm-input';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { conditionOf } from './comparison';
import { MISSING_IS_BREACHING } from './missing-data';
import { windowOf } from './window';

/** When a series without new values counts as absent in Prometheus: its default for `query.lookback-delta`. */
const STALE_SECONDS = 300;

/**
 * The alarms of `absent(metric)`: fewer than one value in a period.
 * @throws Untranslatable with the reason
 */
export function compileAbsence({ metric }: Absence, context: ConditionContext): CompiledCondition[] {
  const source = seriesSourceOf(metric, context);
  const plan = {
    value: { statistic: 'SampleCount', divisor: 1 },
    notes: [`Prometheus fires ${formatDuration(STALE_SECONDS)} later, when the series is stale`],
  } as const;
  const inputs = [alarmInput(0, { kind: 'reading', metric }, source, plan)];
  return targetsOf([source], context.inventory).map((target) =>
    conditionOf({
      target,
      inputs,
      metrics: alarmMetrics(inputs, target, context),
      limit: { operator: '<', number: 1 },
      window: windowOf({ ...context, inputs, noEventInRange: false }),
      missingData: MISSING_IS_BREACHING,
    }),
  );
}
