import type { Severity } from '../../shared/severities';
import type { Alert } from '../alerts';
import { parseDuration } from '../../shared/duration';
import { thresholdsOf } from './arithmetic';
import type { Condition, Threshold } from './expression';
import { nearest } from './reading';
import { Untranslatable } from './untranslatable';
import { allowedThresholds } from './value-range';
import type { MetricSource } from '../sources/source';

/** The values of one alert that differ in one environment. */
export interface AlertOverride {
  /** Replaces the number that the expression compares with, the first of those that `and` joins. */
  readonly threshold?: number | undefined;
  /** Replaces `for`, such as `10m`. */
  readonly for?: string | undefined;
  readonly severity?: Severity | undefined;
  /** Why the alert is switched off; undefined: it is not. */
  readonly switchedOff?: string | undefined;
}

/** Overrides by the alert's name. */
export type AlertOverrides = Readonly<Record<string, AlertOverride>>;

/** A sentence for each override that names no alert. */
export function unmatchedOverrides(overrides: AlertOverrides, alerts: readonly Alert[], environment: string): string[] {
  const names = alerts.map(({ name }) => name);
  return Object.keys(overrides)
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `alerts.overrides of ${environment} has ${name}, which is not an alert of alerts.yml; did you mean ${nearest(name, names).join(', ')}?`,
    );
}

/** The rule with the severity and `for` of its override. */
export function overrideRule(alert: Alert, override: AlertOverride | undefined): Alert {
  if (!override) return alert;
  return {
    ...alert,
    severity: override.severity ?? alert.severity,
    forSeconds: override.for === undefined ? alert.forSeconds : (parseDuration(override.for) ?? alert.forSeconds),
  };
}

/**
 * The conditions with the threshold of the override.
 * @param alert its name, for the message
 * @throws Untranslatable where the expression has several comparisons that are not joined by `and`, or no value can be on both sides of the threshold
 */
export function overrideThreshold(
  conditions: readonly Condition[],
  override: AlertOverride | undefined,
  alert: string,
  sources: Readonly<Record<string, MetricSource>>,
): readonly Condition[] {
  const threshold = override?.threshold;
  if (threshold === undefined) return conditions;
  const [condition, another] = conditions.filter(({ kind }) => kind !== 'absence');
  const compared = condition && overridden(condition);
  if (!compared || another) {
    throw new Untranslatable(
      `alerts.overrides.${alert}.threshold is ${threshold}; allowed: only where the expression compares once`,
    );
  }
  const { text, includes } = allowedThresholds(compared.left, compared.limit.operator, sources);
  if (!includes(threshold)) {
    throw new Untranslatable(
      `alerts.overrides.${alert}.threshold is ${threshold}; allowed: ${text}, or the alert would fire always or never`,
    );
  }
  const changed: Threshold = { ...compared, limit: { ...compared.limit, right: { kind: 'number', value: threshold } } };
  const replaced: Condition =
    condition.kind === 'conjunction'
      ? { ...condition, thresholds: [changed, ...condition.thresholds.slice(1)] }
      : changed;
  return conditions.map((each) => (each === condition ? replaced : each));
}

/** The comparison that an override changes; undefined for a chain, which compares the same term twice. */
function overridden(condition: Condition): Threshold | undefined {
  const [first, ...others] = thresholdsOf(condition);
  return others.some(({ left }) => JSON.stringify(left) === JSON.stringify(first?.left)) ? undefined : first;
}

/** For the ledger: the values that differ in this environment. */
export function overrideNote(override: AlertOverride | undefined): string[] {
  if (!override) return [];
  const changes = Object.entries(override)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field} ${value}`);
  return changes.length > 0 ? [`overridden here: ${changes.join(', ')}`] : [];
}
