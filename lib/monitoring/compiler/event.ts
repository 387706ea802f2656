import type { Alert } from '../alerts';
import type { EventSource, MetricSource } from '../sources/source';
import { metricsOf } from './arithmetic';
import type { Decision } from './decision';
import type { Condition, Limit } from './expression';
import type { AlertOverride } from './overrides';
import { sourceOf } from './reading';
import { Untranslatable } from './untranslatable';

/** Whether a condition names events. */
export function isOnEvents(condition: Condition, sources: Readonly<Record<string, MetricSource>>): boolean {
  return metricsOf(condition).some((name) => sourceOf(name, sources).from === 'event');
}

/**
 * The source of the events that a rule is about; undefined where it is about metrics.
 * @throws Untranslatable where the rule asks for more than that an event happened
 */
export function compileEvent(
  conditions: readonly Condition[],
  sources: Readonly<Record<string, MetricSource>>,
  { forSeconds }: Alert,
  override: AlertOverride | undefined,
): Decision<EventSource> | undefined {
  const metric = conditions.flatMap(metricsOf).find((name) => sourceOf(name, sources).from === 'event');
  if (metric === undefined) return undefined;
  const source = sourceOf(metric, sources);
  const refuse = (why: string) =>
    new Untranslatable(
      `${metric} is an event, which notifies once and has no state; ${why}; allowed: increase(${metric}[5m]) > 0 without "for"`,
    );
  if (forSeconds > 0) throw refuse(`"for" is ${forSeconds} s`);
  if (override?.threshold !== undefined) {
    throw refuse(`alerts.overrides sets a threshold of ${override.threshold}`);
  }
  const [condition, another] = conditions;
  if (another || !condition || !asksWhetherItHappened(condition) || source.from !== 'event') {
    throw refuse('the expression asks for more than whether it happened');
  }
  return { value: source, notes: ['an EventBridge rule notifies of each event; there is no state that clears'] };
}

function asksWhetherItHappened(condition: Condition): boolean {
  return (
    condition.kind === 'threshold' &&
    condition.left.kind === 'reading' &&
    condition.left.over?.function === 'increase' &&
    isOverZero(condition.limit)
  );
}

function isOverZero({ operator, right }: Limit): boolean {
  return operator === '>' && right.kind === 'number' && right.value === 0;
}
