import type { Severity } from '../../shared/severities';
import type { Alert } from '../alerts';
import { parseDuration } from '../../shared/duration';
import type { Condition } from './expression';
import { nearest } from './reading';
import { Untranslatable } from './untranslatable';

/** What one environment has otherwise than alerts.yml, for one alert. */
export interface AlertOverride {
  /** In place of the number compared with. */
  readonly threshold?: number | undefined;
  /** In place of `for`, such as `10m`. */
  readonly for?: string | undefined;
  readonly severity?: Severity | undefined;
  /** Why the alert is switched off; undefined: it is not. */
  readonly switchedOff?: string | undefined;
}

/** Overrides by the alert's name. */
export type AlertOverrides = Readonly<Record<string, AlertOverride>>;

/** A sentence for each override that no alert answers to. */
export function unmatchedOverrides(overrides: AlertOverrides, alerts: readonly Alert[], environment: string): string[] {
  const names = alerts.map(({ name }) => name);
  return Object.keys(overrides)
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `alerts.overrides of ${environment} has ${name}, which is no alert of alerts.yml; did you mean ${nearest(name, names).join(', ')}?`,
    );
}

/** The rule as the environment wants it. */
export function overrideRule(alert: Alert, override: AlertOverride | undefined): Alert {
  if (!override) return alert;
  return {
    ...alert,
    severity: override.severity ?? alert.severity,
    forSeconds: override.for === undefined ? alert.forSeconds : (parseDuration(override.for) ?? alert.forSeconds),
  };
}

/**
 * The conditions with the override's number.
 * @throws Untranslatable where it is not clear which number is meant.
 */
export function overrideThreshold(
  conditions: readonly Condition[],
  override: AlertOverride | undefined,
): readonly Condition[] {
  const threshold = override?.threshold;
  if (threshold === undefined) return conditions;
  const [condition, another] = conditions;
  if (condition?.kind !== 'comparison' || another || condition.comparisons.length !== 1) {
    throw new Untranslatable(
      `alerts.overrides sets its threshold to ${threshold}; allowed: only where the expression compares once`,
    );
  }
  const comparisons = condition.comparisons.map((comparison) => ({
    ...comparison,
    right: { kind: 'number', value: threshold } as const,
  }));
  return [{ ...condition, comparisons }];
}

/** For the ledger: what is otherwise here. */
export function overrideNote(override: AlertOverride | undefined): string[] {
  if (!override) return [];
  const changes = Object.entries(override)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field} ${value}`);
  return changes.length > 0 ? [`overridden here: ${changes.join(', ')}`] : [];
}
