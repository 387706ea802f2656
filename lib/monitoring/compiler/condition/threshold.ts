import { metricMath, solve } from '../arithmetic';
import type { Threshold } from '../expression';
import { sourceOf } from '../reading';
import { type AlarmInput, alarmMetrics, inputFor, inputsOf } from './alarm-input';
import {
  badSide,
  compareForTargets,
  conditionOf,
  equalityRefusal,
  isOrdered,
  type NumericLimit,
  type OrderedLimit,
} from './comparison';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { missingDataOf } from './missing-data';
import { windowOf } from './window';

/**
 * The alarms of one comparison, `term > number`: on the metric itself where the numbers can be brought to the right side, else on
 * metric math.
 * @throws Untranslatable with the reason
 */
export function compileThreshold(threshold: Threshold, context: ConditionContext): CompiledCondition[] {
  const { left } = threshold;
  const ordered = orderedLimit(threshold, context);
  const inputs = inputsOf(left, badSide(ordered), context);
  return compareForTargets(left, [ordered], inputs, context).map(({ target, term, limits }) => {
    const written = limits[0]!;
    const solved = solve({ term, ...written });
    const math = solved.term.kind === 'reading' ? undefined : metricMath(term, (each) => inputFor(each, inputs).id);
    const limit = math ? written : { operator: solved.operator, number: solved.number };
    return conditionOf({
      target,
      inputs,
      metrics: alarmMetrics(inputs, target, context),
      math,
      limit,
      window: windowOf({ ...context, inputs, noEventInRange: meansNoEvent(inputs, limit) }),
      missingData: missingDataOf(inputs, term, limits),
    });
  });
}

/** CloudWatch has no alarm on equality; of a metric with whole values, `== 0` is `< 1`. */
function orderedLimit({ left, limit }: Threshold, { sources }: ConditionContext): OrderedLimit {
  if (isOrdered(limit)) return limit;
  const source = left.kind === 'reading' && !left.over ? sourceOf(left.metric, sources) : undefined;
  const domain = source && 'domain' in source ? source.domain : 'number';
  const value = limit.right.kind === 'number' ? limit.right.value : undefined;
  const isWhole = (value === 0 && domain !== 'number') || (value === 1 && domain === 'boolean');
  if (!isWhole) throw equalityRefusal(limit);
  const below = (limit.operator === '==') === (value === 0);
  return { operator: below ? '<' : '>=', right: { kind: 'number', value: 1 } };
}

/** Whether the condition is that no event was counted: each part of a long range must then be without one. */
function meansNoEvent([first, another]: readonly AlarmInput[], { operator, number }: NumericLimit): boolean {
  const belowOne = (operator === '<' && number > 0 && number <= 1) || (operator === '<=' && number >= 0 && number < 1);
  return !another && belowOne && first!.source.domain === 'count' && first!.plan.statistic === 'Sum';
}
