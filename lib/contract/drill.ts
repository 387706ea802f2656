import { createHash } from 'node:crypto';

/**
 * The kinds of drill: `verification` restores the latest recovery point, `pointInTime` a moment of the last day, `full` the latest
 * one at the primary's size.
 */
export const DRILL_KINDS = ['verification', 'pointInTime', 'full'] as const;
/** A kind of drill. */
export type DrillKind = (typeof DRILL_KINDS)[number];

/** Metric that says with a 1 that a drill of the kind succeeded. */
export const SUCCESS_METRICS = {
  verification: 'drill_verification_successes',
  pointInTime: 'drill_point_in_time_successes',
  full: 'drill_full_successes',
} as const satisfies Record<DrillKind, string>;

/** Tag of every restored instance, with the environment as its value. Nothing without it is ever deleted. */
export const DRILL_TAG = 'whatsapp-saas:drill';
/** Tag with the moment when the instance's drill began, ISO 8601: what is old is a leftover. */
export const DRILL_STARTED_TAG = 'whatsapp-saas:drill-started';

/** How every restored instance's identifier begins. */
export function instancePrefix(environment: string): string {
  return `${environment}-restore-drill-`;
}

/** Identifier of the instance that an execution restores: the same on every attempt, and 12 digits wherever the name came from. */
export function instanceName(environment: string, execution: string): string {
  return `${instancePrefix(environment)}${hash(execution).slice(0, 12)}`;
}

/** A number in [0, 1) that depends on the text alone. */
export function fractionOf(text: string): number {
  return parseInt(hash(text).slice(0, 8), 16) / 2 ** 32;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
