import type { Condition } from '../expression';
import { compileAbsence } from './absence';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { compileConjunction } from './conjunction';
import { compileThreshold } from './threshold';

/**
 * The alarms of a condition: one for each target that the environment has.
 * @throws Untranslatable with the reason
 */
export function compileCondition(condition: Condition, context: ConditionContext): CompiledCondition[] {
  switch (condition.kind) {
    case 'absence':
      return compileAbsence(condition, context);
    case 'threshold':
      return compileThreshold(condition, context);
    case 'conjunction':
      return compileConjunction(condition, context);
  }
}
