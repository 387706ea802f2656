import { formatDuration } from '../../../shared/duration';
import type { Decision } from '../decision';
import { Untranslatable } from '../untranslatable';
import type { AlarmInput } from './alarm-input';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
/** How far an alarm looks back at most: a day in periods under an hour, else a week (CloudWatch API, PutMetricAlarm). */
const LONGEST_SECONDS = { shortPeriods: DAY_SECONDS, longPeriods: 7 * DAY_SECONDS };

/** The fewest bad values for which an alarm on sampled values fires: a single one may be chance, such as a restart of seconds. */
const LEAST_VALUES = 2;
const ONE_SPREAD = 'one period is enough, because it has the highest and the lowest value of the range';
const ONE_SUM = 'one period is enough, because its sum counts every event in it';

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
 * a day or longer. Prometheus needs a bad value at both ends of `for`, so there is one period more than fill it: the alarm needs the same
 * number of bad values, at least two, and fires up to a period later, when the last period is over. The exceptions say so in their notes.
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

function windowByMetric(needs: WindowNeeds): Decision<Window> {
  const { forSeconds, inputs } = needs;
  const slowest = slowestSeconds(inputs);
  const periodSeconds = forSeconds >= DAY_SECONDS ? Math.max(HOUR_SECONDS, slowest) : slowest;
  const { value, notes } = withoutRange(periodSeconds, needs);
  if (inputs.every(({ source }) => source.periodSeconds === periodSeconds)) return { value, notes };
  const period = formatDuration(periodSeconds);
  const note =
    forSeconds >= DAY_SECONDS
      ? `one bad value makes a whole period of ${period} count as bad`
      : `its slowest metric has one value every ${period}, so the periods are that long`;
  return { value, notes: [note, ...notes] };
}

/** How many periods of a metric without a range must be bad. */
function withoutRange(periodSeconds: number, { forSeconds, inputs }: WindowNeeds): Decision<Window> {
  const [first, another] = inputs;
  const filling = Math.max(1, Math.ceil(forSeconds / periodSeconds));
  const periods = (count: number) => fitting(periodSeconds, count, forSeconds);
  if (first!.plan.statistic === 'SampleCount') {
    // Absence: a value may also come late.
    return { value: periods(Math.max(LEAST_VALUES, filling)), notes: [] };
  }
  const { from } = first!.source;
  if (!another && (from === 'drill' || from === 'job')) {
    if (forSeconds > 0) {
      throw new Untranslatable(
        `"for" is ${forSeconds} s, but a ${from} publishes ${first!.reading.metric} only once, so it would never fire; allowed: no "for"`,
      );
    }
    return { value: periods(1), notes: ['one value is enough, because it is published once and not sampled'] };
  }
  if (forSeconds === 0 && countsEvents(inputs) && first!.source.domain === 'count') {
    return { value: periods(1), notes: [ONE_SUM] };
  }
  return sameAsPrometheus(periodSeconds, filling, forSeconds);
}

function windowByRange(range: number, needs: WindowNeeds): Decision<Window> {
  const { forSeconds, inputs, noEventInRange } = needs;
  if (range > DAY_SECONDS) {
    if (!noEventInRange) {
      throw new Untranslatable(
        `the range is ${range} s; allowed: at most ${DAY_SECONDS} s, the longest period of CloudWatch, or a count of events under 1`,
      );
    }
    const note = `a range of ${formatDuration(range)} is longer than a period may be: every hour of it must be without an event, which is the same for a count that is never negative`;
    const hours = Math.ceil((range + forSeconds) / HOUR_SECONDS);
    return { value: fitting(HOUR_SECONDS, hours, forSeconds), notes: [note] };
  }
  const { value, notes } = withRange(range, needs);
  const note = `one bad value of a metric without a range makes a whole period of ${formatDuration(range)} count as bad`;
  const mixed = inputs.some(({ reading, source }) => !reading.over && source.periodSeconds < range);
  return { value, notes: mixed ? [...notes, note] : notes };
}

/** How many ranges must be bad. */
function withRange(range: number, { forSeconds, inputs }: WindowNeeds): Decision<Window> {
  const filling = Math.max(1, Math.ceil(forSeconds / range));
  if (isSpread(inputs)) return { value: fitting(range, filling, forSeconds), notes: [ONE_SPREAD] };
  if (!countsEvents(inputs)) return sameAsPrometheus(range, filling, forSeconds);
  // A single event keeps the sum high for the whole range, so one more range would ask for a second event.
  const earlier = `it may fire up to ${formatDuration(Math.min(range, forSeconds))} earlier`;
  const note = filling > 1 ? earlier : `${ONE_SUM}, and \`for\` is not longer than the range: ${earlier}`;
  return { value: fitting(range, filling, forSeconds), notes: [forSeconds === 0 ? ONE_SUM : note] };
}

/** Whether the alarm compares the highest and the lowest value of one metric in a range: a change is in the range, or none is. */
function isSpread(inputs: readonly AlarmInput[]): boolean {
  const [first, second, another] = inputs.map(({ source }) => ('metricName' in source ? source.metricName : undefined));
  const statistics = inputs.map(({ plan }) => plan.statistic);
  return another === undefined && first !== undefined && first === second && statistics.join() === 'Maximum,Minimum';
}

/** Whether the alarm compares a single sum, which counts events; a share of two sums is a sampled value. */
function countsEvents([first, another]: readonly AlarmInput[]): boolean {
  return !another && first!.plan.statistic === 'Sum';
}

/** A window with as many bad values as Prometheus needs, or with one less where CloudWatch does not look back so far. */
function sameAsPrometheus(periodSeconds: number, filling: number, forSeconds: number): Decision<Window> {
  const wanted = Math.max(LEAST_VALUES, filling + 1);
  if (filling >= LEAST_VALUES && periodSeconds * wanted > longestSeconds(periodSeconds)) {
    const note = `it needs one bad value less than Prometheus, because CloudWatch looks back ${formatDuration(longestSeconds(periodSeconds))} at most`;
    return { value: fitting(periodSeconds, filling, forSeconds), notes: [note] };
  }
  return { value: fitting(periodSeconds, wanted, forSeconds), notes: [] };
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

function longestSeconds(periodSeconds: number): number {
  return periodSeconds < HOUR_SECONDS ? LONGEST_SECONDS.shortPeriods : LONGEST_SECONDS.longPeriods;
}

/** @throws Untranslatable where CloudWatch does not look back so far */
function fitting(periodSeconds: number, evaluationPeriods: number, forSeconds: number): Window {
  const longest = longestSeconds(periodSeconds);
  if (periodSeconds * evaluationPeriods > longest) {
    throw new Untranslatable(
      `"for" is ${forSeconds} s, which takes ${evaluationPeriods} periods of ${periodSeconds} s; allowed: ${longest} s in all, which is as far as such an alarm looks back`,
    );
  }
  return { periodSeconds, evaluationPeriods };
}
