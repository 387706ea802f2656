import { formatDuration } from '../../../shared/duration';
import type { Decision } from '../decision';
import { Untranslatable } from '../untranslatable';
import type { AlarmInput } from './alarm-input';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
/** How far an alarm looks back at most: a day in periods under an hour, else a week (CloudWatch API, PutMetricAlarm). */
const LONGEST_SECONDS = { shortPeriods: DAY_SECONDS, longPeriods: 7 * DAY_SECONDS };

/** How long a condition must hold, in CloudWatch's terms: that many consecutive periods. */
export interface Window {
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
}

/** What decides the window of an alarm. */
export interface WindowNeeds {
  /** `for` of the rule. */
  readonly forSeconds: number;
  /** How often Prometheus evaluates the rule. */
  readonly intervalSeconds: number;
  readonly inputs: readonly AlarmInput[];
  /** True for "no event in the range": then every hour of it must be without one, so hourly periods are enough. */
  readonly noEventInRange: boolean;
}

/**
 * The periods of an alarm. The period is the range of the rule (`[5m]`); without one it is the metric's own, or an hour when `for` is
 * a day or longer. `for` becomes as many periods as fill it.
 * @throws Untranslatable where CloudWatch has no such window (CDK does not check this)
 */
export function windowOf(needs: WindowNeeds): Decision<Window> {
  const range = rangeOf(needs);
  const decided = range === undefined ? windowByMetric(needs) : windowByRange(range, needs);
  const { periodSeconds, evaluationPeriods } = decided.value;
  refuseLongerSums(needs.inputs, periodSeconds);
  const hourly = periodSeconds * evaluationPeriods > DAY_SECONDS ? ['CloudWatch evaluates it once an hour'] : [];
  return { ...decided, notes: [...decided.notes, ...hourly] };
}

function windowByMetric({ forSeconds, inputs }: WindowNeeds): Decision<Window> {
  const slowest = slowestSeconds(inputs);
  const periodSeconds = forSeconds >= DAY_SECONDS ? Math.max(HOUR_SECONDS, slowest) : slowest;
  const value = filled(periodSeconds, forSeconds, forSeconds);
  if (inputs.every(({ source }) => source.periodSeconds === periodSeconds)) return { value, notes: [] };
  const period = formatDuration(periodSeconds);
  const note =
    forSeconds >= DAY_SECONDS
      ? `one bad value makes a whole period of ${period} count as bad`
      : `its slowest metric has one value every ${period}, so the periods are that long`;
  return { value, notes: [note] };
}

function windowByRange(range: number, { forSeconds, inputs, noEventInRange }: WindowNeeds): Decision<Window> {
  if (range > DAY_SECONDS) {
    if (!noEventInRange) {
      throw new Untranslatable(
        `the range is ${range} s; allowed: at most ${DAY_SECONDS} s, the longest period of CloudWatch, or a count of events under 1`,
      );
    }
    const note = `a range of ${formatDuration(range)} is longer than a period may be: every hour of it must be without an event, which is the same for a count that is never negative`;
    return { value: filled(HOUR_SECONDS, range + forSeconds, forSeconds), notes: [note] };
  }
  const value = filled(range, forSeconds, forSeconds);
  const notes = [];
  if (forSeconds > 0 && value.evaluationPeriods === 1) {
    notes.push('`for` is not longer than the range, so one period is enough: it may fire up to one range earlier');
  }
  if (inputs.some(({ reading, source }) => !reading.over && source.periodSeconds < range)) {
    notes.push(
      `one bad value of a metric without a range makes a whole period of ${formatDuration(range)} count as bad`,
    );
  }
  return { value, notes };
}

/** A sum depends on its period, so a sum without a range must keep the one in which it is published. */
function refuseLongerSums(inputs: readonly AlarmInput[], periodSeconds: number): void {
  for (const { reading, source, plan } of inputs) {
    if (!reading.over && plan.statistic === 'Sum' && periodSeconds > source.periodSeconds) {
      throw new Untranslatable(
        `${reading.metric} is a sum over ${source.periodSeconds} s, but the alarm's periods are ${periodSeconds} s; allowed: sum_over_time(${reading.metric}[…])`,
      );
    }
  }
}

/** Seconds between two values of the slowest metric. */
function slowestSeconds(inputs: readonly AlarmInput[]): number {
  return Math.max(...inputs.map(({ source }) => source.periodSeconds));
}

function rangeOf({ inputs, intervalSeconds }: WindowNeeds): number | undefined {
  const ranges = inputs.flatMap(({ reading }) => (reading.over ? [reading.over.seconds] : []));
  const [range, other] = [...new Set(ranges)];
  if (range === undefined) return undefined;
  if (other !== undefined) {
    throw new Untranslatable(
      `the ranges are ${range} s and ${other} s; allowed: one range, because an alarm has one period`,
    );
  }
  if (range % 60 !== 0) {
    throw new Untranslatable(`the range is ${range} s; allowed: whole minutes, because CloudWatch's periods are`);
  }
  const slowest = slowestSeconds(inputs);
  if (range < slowest) {
    throw new Untranslatable(
      `the range is ${range} s; allowed: at least ${slowest} s, the time between two values of its metric`,
    );
  }
  if (range < intervalSeconds) {
    throw new Untranslatable(
      `the range is ${range} s; allowed: at least ${intervalSeconds} s, the group's interval, or Prometheus misses what happens between two evaluations`,
    );
  }
  return range;
}

function filled(periodSeconds: number, fillSeconds: number, forSeconds: number): Window {
  const evaluationPeriods = Math.max(1, Math.ceil(fillSeconds / periodSeconds));
  const longest = periodSeconds < HOUR_SECONDS ? LONGEST_SECONDS.shortPeriods : LONGEST_SECONDS.longPeriods;
  if (periodSeconds * evaluationPeriods > longest) {
    throw new Untranslatable(
      `"for" is ${forSeconds} s, which takes ${evaluationPeriods} periods of ${periodSeconds} s; allowed: ${longest} s in all, which is as far as such an alarm looks back`,
    );
  }
  return { periodSeconds, evaluationPeriods };
}
