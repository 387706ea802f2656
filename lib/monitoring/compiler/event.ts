import type { Alert } from '../alerts';
import type { Condition } from './expression';
import type { EventSource, MetricSource } from '../sources/source';
import { readingsOf } from './arithmetic';
import type { AlertOverride } from './overrides';
import { sourceOf } from './reading';
import { Untranslatable } from './untranslatable';

/**
 * The source of the events that a rule is about; undefined where it is about metrics.
 * @throws Untranslatable where it asks more of events than that one happened.
 */
export function compileEvent(
  conditions: readonly Condition[],
  sources: Readonly<Record<string, MetricSource>>,
  { forSeconds }: Alert,
  override: AlertOverride | undefined,
): EventSource | undefined {
  const metrics = conditions.flatMap((condition) =>
    condition.kind === 'absence' ? [condition.metric] : readingsOf(condition.left).map(({ metric }) => metric),
  );
  const metric = metrics.find((name) => sourceOf(name, sources).from === 'event');
  if (metric === undefined) return undefined;
  const source = sourceOf(metric, sources);
  const [condition, another] = conditions;
  const refuse = (why: string) =>
    new Untranslatable(
      `${metric} is an event, which notifies once and has no state; ${why}; allowed: increase(${metric}[5m]) > 0 without "for"`,
    );
  if (forSeconds > 0) throw refuse(`"for" is ${forSeconds} s`);
  if (override?.threshold !== undefined) {
    throw refuse(`alerts.overrides sets its threshold to ${override.threshold}`);
  }
  const happened =
    !another &&
    condition?.kind === 'comparison' &&
    condition.left.kind === 'reading' &&
    condition.left.over?.function === 'increase' &&
    condition.comparisons.length === 1 &&
    condition.comparisons.every(({ operator, right }) => operator === '>' && right.kind === 'number' && right.value === 0); // prettier-ignore
  if (!happened || source.from !== 'event') throw refuse('the expression asks more than whether it happened');
  return source;
}
