import {
  type AlarmState,
  COMPARISONS,
  type EvaluatedAlarm,
  type EvaluatedMetric,
  EXTRA_PERIODS,
  type RangeSummary,
  stateOf,
} from '../alarm-evaluator';
import { parseMetricMath } from '../metric-math';

const MINUTE_SECONDS = 60;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 1440;

/**
 * The values of a metric, summarized for each minute as CloudWatch keeps them. The first minute begins at a full hour. A minute without
 * values has the count 0; its other numbers mean nothing.
 */
export interface MinuteSeries {
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
  readonly sum: Float64Array;
  readonly count: Float64Array;
}

/** A change of an alarm's state. */
export interface StateChange {
  /** When it was evaluated, minutes since the start of the series. */
  readonly minute: number;
  readonly state: AlarmState;
}

/** A series with at most one value a minute; NaN where there is none. */
export function minuteSeries(values: Float64Array): MinuteSeries {
  const count = values.map((value) => (Number.isNaN(value) ? 0 : 1));
  return { minimum: values, maximum: values, sum: values, count };
}

/**
 * The states of an alarm in a span of time: the same as evaluateAlarm at every minute, but fast enough for a month of them. Before the
 * span there are no values.
 * @param series of each metric in the order of `alarm.metrics`, all equally long
 * @param initial the state before the first evaluation
 * @returns each change, the first from `initial`
 * @throws Error where the period is not whole minutes
 */
export function evaluateMinutes(
  alarm: EvaluatedAlarm,
  series: readonly MinuteSeries[],
  initial: AlarmState = 'INSUFFICIENT_DATA',
): StateChange[] {
  const { evaluationPeriods } = alarm;
  const period = alarm.periodSeconds / MINUTE_SECONDS;
  if (!Number.isInteger(period)) {
    throw new Error(`alarm ${alarm.name} has a period of ${alarm.periodSeconds} s; allowed: whole minutes`);
  }
  const minutes = series[0]?.count.length ?? 0;
  const step = period * evaluationPeriods > DAY_MINUTES ? HOUR_MINUTES : 1;
  const breaches = breachingPeriods(alarm, series, period, commonDivisor(step, period));
  const counts = countPeriods(breaches, period);
  const changes: StateChange[] = [];
  let current = initial;
  for (let minute = step; minute <= minutes; minute += step) {
    const state = stateOf(summaryAt(minute, breaches, counts, period, evaluationPeriods), alarm, current);
    if (state !== current) changes.push({ minute, state });
    current = state;
  }
  return changes;
}

const NO_DATA = 0;
const GOOD = 1;
const BAD = 2;

/** The periods that end at a minute and a whole number of periods before it, counted from the start. */
interface PeriodCounts {
  readonly real: Uint32Array;
  readonly breaching: Uint32Array;
}

function countPeriods(breaches: Uint8Array, period: number): PeriodCounts {
  const real = new Uint32Array(breaches.length);
  const breaching = new Uint32Array(breaches.length);
  for (let end = 1; end < breaches.length; end++) {
    const before = end > period ? end - period : 0;
    real[end] = real[before]! + (breaches[end] === NO_DATA ? 0 : 1);
    breaching[end] = breaching[before]! + (breaches[end] === BAD ? 1 : 0);
  }
  return { real, breaching };
}

/** What decides the state at a minute. Counting the periods one by one is needed only where some of the newest are missing. */
function summaryAt(
  minute: number,
  breaches: Uint8Array,
  { real, breaching }: PeriodCounts,
  period: number,
  evaluationPeriods: number,
): RangeSummary {
  const window = period * evaluationPeriods;
  const before = minute > window ? minute - window : 0;
  if (real[minute]! - real[before]! === evaluationPeriods) {
    return { real: evaluationPeriods, breaching: breaching[minute]! - breaching[before]!, oldestBreaching: 0 };
  }
  const summary = { real: 0, breaching: 0, oldestBreaching: 0 };
  let end = minute;
  for (let age = 1; age <= evaluationPeriods + EXTRA_PERIODS && end > 0; age++, end -= period) {
    const found = breaches[end]!;
    if (found === NO_DATA) continue;
    if (found === BAD) summary.oldestBreaching = age;
    if (summary.real === evaluationPeriods) continue;
    summary.real++;
    if (found === BAD) summary.breaching++;
  }
  return summary;
}

/** For each minute that is a multiple of `every`: whether the period that ends then is breaching. */
function breachingPeriods(
  alarm: EvaluatedAlarm,
  series: readonly MinuteSeries[],
  period: number,
  every: number,
): Uint8Array {
  const { metrics, expression, threshold } = alarm;
  const compare = COMPARISONS[alarm.comparisonOperator];
  const values: Record<string, number | undefined> = {};
  const ids = metrics.map(({ id }) => id);
  const math = expression === undefined ? undefined : parseMetricMath(expression, ids);
  const minutes = series[0]?.count.length ?? 0;
  const breaches = new Uint8Array(minutes + 1);
  for (let end = every; end <= minutes; end += every) {
    const start = end > period ? end - period : 0;
    let value: number | undefined;
    for (let i = 0; i < metrics.length; i++) {
      value = statisticOf(metrics[i]!.statistic, series[i]!, start, end);
      if (math) values[metrics[i]!.id] = value;
    }
    if (math) value = math(values);
    if (value !== undefined) breaches[end] = compare(value, threshold) ? BAD : GOOD;
  }
  return breaches;
}

/** A statistic of the minutes from `start` to before `end`; undefined where they have no value. */
function statisticOf(
  statistic: EvaluatedMetric['statistic'],
  { minimum, maximum, sum, count }: MinuteSeries,
  start: number,
  end: number,
): number | undefined {
  let values = 0;
  let total = 0;
  let lowest = 0;
  let highest = 0;
  for (let minute = start; minute < end; minute++) {
    const counted = count[minute]!;
    if (counted === 0) continue;
    if (values === 0 || minimum[minute]! < lowest) lowest = minimum[minute]!;
    if (values === 0 || maximum[minute]! > highest) highest = maximum[minute]!;
    values += counted;
    total += sum[minute]!;
  }
  if (values === 0) return undefined;
  switch (statistic) {
    case 'Average':
      return total / values;
    case 'Maximum':
      return highest;
    case 'Minimum':
      return lowest;
    case 'SampleCount':
      return values;
    case 'Sum':
      return total;
  }
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
