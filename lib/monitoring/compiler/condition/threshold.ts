import { solve } from '../arithmetic';
import type { Threshold } from '../expression';
import { type AlarmInput, alarmMetrics } from './alarm-input';
import { compareForTargets, conditionOf, inputsOfThresholds, type NumericLimit, orderedThreshold } from './comparison';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { guardedMath } from './guarded-math';
import { missingDataOf } from './missing-data';
import { windowOf } from './window';

/**
 * The alarms of one comparison, `term > number`: on the metric itself where the numbers can be brought to the right side, else on
 * metric math.
 * @throws Untranslatable with the reason
 */
export function compileThreshold(threshold: Threshold, context: ConditionContext): CompiledCondition[] {
  const ordered = [orderedThreshold(threshold, context)];
  const inputs = inputsOfThresholds(ordered, context);
  return compareForTargets(ordered, inputs, context).map(({ target, comparisons }) => {
    const { term, limit: written } = comparisons[0]!;
    const solved = solve({ term, ...written });
    const math = solved.term.kind === 'reading' ? undefined : guardedMath(comparisons[0]!, [], inputs);
    const limit = math ? written : { operator: solved.operator, number: solved.number };
    return conditionOf({
      target,
      inputs,
      metrics: alarmMetrics(inputs, target, context),
      math,
      limit,
      window: windowOf({ ...context, inputs, noEventInRange: meansNoEvent(inputs, limit) }),
      missingData: missingDataOf(inputs, comparisons),
    });
  });
}

/** Whether the condition is that no event was counted: each part of a long range must then be without one. */
function meansNoEvent([first, another]: readonly AlarmInput[], { operator, number }: NumericLimit): boolean {
  const belowOne = (operator === '<' && number > 0 && number <= 1) || (operator === '<=' && number >= 0 && number < 1);
  return !another && belowOne && first!.source.domain === 'count' && first!.plan.statistic === 'Sum';
}
