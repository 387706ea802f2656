import type { Decision } from '../decision';
import type { Conjunction } from '../expression';
import { Untranslatable } from '../untranslatable';
import { type AlarmInput, alarmMetrics } from './alarm-input';
import {
  compareForTargets,
  conditionOf,
  inputsOfThresholds,
  type NumericLimit,
  type NumericThreshold,
  orderedThreshold,
} from './comparison';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { comparisonMath, guardedMath } from './guarded-math';
import { missingDataOf } from './missing-data';
import { windowOf } from './window';

/**
 * The alarms of comparisons that must all hold.
 * @throws Untranslatable with the reason
 */
export function compileConjunction({ thresholds }: Conjunction, context: ConditionContext): CompiledCondition[] {
  const ordered = thresholds.map((threshold) => orderedThreshold(threshold, context));
  const inputs = inputsOfThresholds(ordered, context);
  const isChain = new Set(ordered.map(({ left }) => JSON.stringify(left))).size === 1;
  return compareForTargets(ordered, inputs, context).map(({ target, comparisons }) => {
    const missingData = missingDataOf(inputs, comparisons);
    if (missingData.value === 'breaching') {
      throw new Untranslatable(
        'it has several comparisons, and missing data would make it fire, also while one of them does not hold; allowed: one comparison',
      );
    }
    return conditionOf({
      target,
      inputs,
      metrics: alarmMetrics(inputs, target, context),
      ...(isChain ? span(comparisons, inputs) : conditional(comparisons, inputs)),
      window: windowOf({ ...context, inputs, noEventInRange: false }),
      missingData,
    });
  });
}

interface Compared {
  readonly math: Decision<string>;
  readonly limit: NumericLimit;
}

/** A chain, `60 < term < 300`: a comparison is 1 where it holds and 0 where not, so the product of all is over 0 where all hold. */
function span(comparisons: readonly NumericThreshold[], inputs: readonly AlarmInput[]): Compared {
  const factors = comparisons.map((comparison) => comparisonMath(comparison, inputs));
  const notes = [...new Set(factors.flatMap((factor) => factor.notes))];
  const value = factors.map((factor) => `(${factor.value})`).join(' * ');
  return { math: { value, notes }, limit: { operator: '>', number: 0 } };
}

/** Comparisons of different terms: the alarm compares the first, where the others hold, so that its graph shows what it compares. */
function conditional([first, ...others]: readonly NumericThreshold[], inputs: readonly AlarmInput[]): Compared {
  return { math: guardedMath(first!, others, inputs), limit: first!.limit };
}
