import { metricMath } from '../arithmetic';
import type { Chain } from '../expression';
import { alarmMetrics, inputFor, inputsOf } from './alarm-input';
import { badSide, compareForTargets, conditionOf, equalityRefusal, isOrdered } from './comparison';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { missingDataOf } from './missing-data';
import { windowOf } from './window';

/**
 * The alarms of a chain, `60 < term < 300`. A comparison in metric math is 1 where it holds and 0 where not, so the product of all
 * of them is over 0 where the whole chain holds.
 * @throws Untranslatable with the reason
 */
export function compileChain({ left, limits }: Chain, context: ConditionContext): CompiledCondition[] {
  const ordered = limits.map((limit) => {
    if (!isOrdered(limit)) throw equalityRefusal(limit);
    return limit;
  });
  const inputs = inputsOf(left, badSide(ordered[0]!), context);
  return compareForTargets(left, ordered, inputs, context).map(({ target, term, limits: numeric }) => {
    const math = metricMath(term, (reading) => inputFor(reading, inputs).id);
    const comparisons = numeric.map(({ operator, number }) => `(${math.value} ${operator} ${signed(number)})`);
    return conditionOf({
      target,
      inputs,
      metrics: alarmMetrics(inputs, target, context),
      math: { value: comparisons.join(' * '), notes: math.notes },
      limit: { operator: '>', number: 0 },
      window: windowOf({ ...context, inputs, noEventInRange: false }),
      missingData: missingDataOf(inputs, term, numeric),
    });
  });
}

/** Metric math takes a negative number only in parentheses. */
function signed(number: number): string {
  return number < 0 ? `(${number})` : String(number);
}
