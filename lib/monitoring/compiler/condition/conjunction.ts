import { metricMath } from '../arithmetic';
import type { Decision } from '../decision';
import type { Conjunction } from '../expression';
import { type AlarmInput, alarmMetrics, inputFor } from './alarm-input';
import {
  compareForTargets,
  conditionOf,
  inputsOfThresholds,
  type NumericThreshold,
  orderedThreshold,
} from './comparison';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { missingDataOf } from './missing-data';
import { windowOf } from './window';

/**
 * The alarms of comparisons that must all hold. A comparison in metric math is 1 where it holds and 0 where not, so the product of all
 * of them is over 0 where the whole condition holds.
 * @throws Untranslatable with the reason
 */
export function compileConjunction({ thresholds }: Conjunction, context: ConditionContext): CompiledCondition[] {
  const ordered = thresholds.map((threshold) => orderedThreshold(threshold, context));
  const inputs = inputsOfThresholds(ordered, context);
  return compareForTargets(ordered, inputs, context).map(({ target, comparisons }) =>
    conditionOf({
      target,
      inputs,
      metrics: alarmMetrics(inputs, target, context),
      math: product(comparisons, inputs),
      limit: { operator: '>', number: 0 },
      window: windowOf({ ...context, inputs, noEventInRange: false }),
      missingData: missingDataOf(inputs, comparisons),
    }),
  );
}

function product(comparisons: readonly NumericThreshold[], inputs: readonly AlarmInput[]): Decision<string> {
  const factors = comparisons.map(({ term, limit: { operator, number } }) => {
    const { value, notes } = metricMath(term, (reading) => inputFor(reading, inputs).id);
    return { value: `(${value} ${operator} ${signed(number)})`, notes };
  });
  return {
    value: factors.map(({ value }) => value).join(' * '),
    notes: [...new Set(factors.flatMap(({ notes }) => notes))],
  };
}

/** Metric math takes a negative number only in parentheses. */
function signed(number: number): string {
  return number < 0 ? `(${number})` : String(number);
}
