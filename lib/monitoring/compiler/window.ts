import { Untranslatable } from './untranslatable';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
/** The longest that an alarm looks back: a day in periods under an hour, else a week (CloudWatch API, PutMetricAlarm). */
const LONGEST_SECONDS = { shortPeriods: DAY_SECONDS, longPeriods: 7 * DAY_SECONDS };

/** How long a condition must hold, in CloudWatch's terms: that many periods in a row. */
export interface Window {
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
}

/** What decides the window of an alarm. */
export interface WindowNeeds {
  /** `for` of the rule. */
  readonly forSeconds: number;
  /** How often Prometheus looks at the rule. */
  readonly intervalSeconds: number;
  /** Seconds between two values of the slowest metric. */
  readonly slowestSeconds: number;
  /** Ranges of its readings: `[5m]`. */
  readonly ranges: readonly number[];
  /** True for "no event in the range": then every hour of it must be without one, and hours are all that is needed. */
  readonly noneInRange: boolean;
}

/**
 * The periods of an alarm. A range is its period; without one it is the metric's own, hours where `for` is a day or more. `for` is
 * as many periods as fill it.
 * @throws Untranslatable where CloudWatch has no such window (CDK checks none of this).
 */
export function windowOf(needs: WindowNeeds): Window {
  const { forSeconds, slowestSeconds } = needs;
  const range = rangeOf(needs);
  if (range === undefined) {
    const periodSeconds = forSeconds >= DAY_SECONDS ? Math.max(HOUR_SECONDS, slowestSeconds) : slowestSeconds;
    return checked(periodSeconds, forSeconds, forSeconds);
  }
  if (range <= DAY_SECONDS) return checked(range, forSeconds, forSeconds);
  if (!needs.noneInRange) {
    throw new Untranslatable(
      `the range is ${range} s; allowed: at most ${DAY_SECONDS} s, the longest period of CloudWatch, or a count of events under 1`,
    );
  }
  return checked(HOUR_SECONDS, range + forSeconds, forSeconds);
}

function rangeOf({ ranges, slowestSeconds, intervalSeconds }: WindowNeeds): number | undefined {
  const [range, other] = [...new Set(ranges)];
  if (range === undefined) return undefined;
  if (other !== undefined) {
    throw new Untranslatable(`the ranges are ${range} s and ${other} s; allowed: one, because an alarm has one period`);
  }
  if (range % 60 !== 0) {
    throw new Untranslatable(`the range is ${range} s; allowed: whole minutes, as periods of CloudWatch are`);
  }
  if (range < slowestSeconds) {
    throw new Untranslatable(
      `the range is ${range} s; allowed: at least ${slowestSeconds} s, the time between two values of its metric`,
    );
  }
  if (range < intervalSeconds) {
    throw new Untranslatable(
      `the range is ${range} s; allowed: at least ${intervalSeconds} s, the group's interval, or Prometheus never sees what happens between two looks`,
    );
  }
  return range;
}

function checked(periodSeconds: number, fillSeconds: number, forSeconds: number): Window {
  const evaluationPeriods = Math.max(1, Math.ceil(fillSeconds / periodSeconds));
  const longest = periodSeconds < HOUR_SECONDS ? LONGEST_SECONDS.shortPeriods : LONGEST_SECONDS.longPeriods;
  if (periodSeconds * evaluationPeriods > longest) {
    throw new Untranslatable(
      `"for" is ${forSeconds} s, which takes ${evaluationPeriods} periods of ${periodSeconds} s; allowed: ${longest} s in all, which is as far as such an alarm looks back`,
    );
  }
  return { periodSeconds, evaluationPeriods };
}
