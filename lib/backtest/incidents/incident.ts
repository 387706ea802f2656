import type { Overlay } from '../alarms/series';
import type { Effect } from '../model/effects';

/** A bad event. Its times are minutes since it began. */
export interface Incident {
  readonly name: string;
  /** How long it lasts, minutes. */
  readonly minutes: number;
  /** Alarms that must fire: the alert, with the server or topic where it has an alarm for each. */
  readonly fires: readonly string[];
  /** Whether somebody is paged, once. */
  readonly pages: boolean;
  /** Alarms that may fire too, because it causes what they watch. */
  readonly mayFire?: readonly string[];
  /** Changed values of metrics. */
  readonly values?: readonly ChangedValues[];
  /** Changed events of the application. Salons by their rank. */
  readonly effect?: Omit<Effect, 'from' | 'until'>;
  /** Factor of the cost of AI, all salons. */
  readonly cost?: number;
}

/** A change that begins with the incident and, unless it says otherwise, ends with it. */
export type ChangedValues = Omit<Overlay, 'from' | 'until' | 'alarm'> & {
  /** The alert whose alarm alone reads the values. */
  readonly alert?: string;
  readonly minutes?: number;
};

/** A constant in place of the normal values. */
export function constant(metric: string, value: number, more: Partial<ChangedValues> = {}): ChangedValues {
  return { metric, value: () => value, ...more };
}

/** No values at all. */
export function missing(metric: string, more: Partial<ChangedValues> = {}): ChangedValues {
  return constant(metric, NaN, more);
}

/** A count once, at the beginning. */
export function once(metric: string, value: number, more: Partial<ChangedValues> = {}): ChangedValues {
  return constant(metric, value, { minutes: 1, ...more });
}

/** The first salons by size. */
export function largest(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** A value of the hour of each day in which it is published. */
export function daily(metric: string, value: number) {
  return { metric, value: (_: number, normal: number) => (Number.isNaN(normal) ? NaN : value) };
}
