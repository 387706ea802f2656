import { parseMetricMath } from './metric-math';

/** A state of a CloudWatch alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A metric that an alarm reads. */
export interface EvaluatedMetric {
  /** Its name in the expression. */
  readonly id: string;
  readonly namespace: string;
  readonly metricName: string;
  /** A value that only a deployment knows is the JSON of the template's reference to it. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: keyof typeof STATISTICS;
}

/** The properties of a CloudWatch alarm that decide its state, named as in AWS::CloudWatch::Alarm. */
export interface EvaluatedAlarm {
  readonly name: string;
  readonly metrics: readonly EvaluatedMetric[];
  /** Metric math over the metrics' ids; undefined where the alarm reads a single metric. */
  readonly expression?: string | undefined;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparisonOperator: keyof typeof COMPARISONS;
  readonly threshold: number;
  readonly treatMissingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  /** How long a new alarm waits for its first values. Default 0. */
  readonly warmUpSeconds?: number;
}

/** Values published at one time, summarized as CloudWatch keeps them. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sum: number;
  /** Number of values. */
  readonly count: number;
}

/** A sample of one value, published `count` times. */
export function sampleOf(time: number, value: number, count = 1): Sample {
  return { time, minimum: value, maximum: value, sum: value * count, count };
}

/** Comparisons of a value with the threshold. */
export const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
};

const total = (samples: readonly Sample[], part: 'sum' | 'count') =>
  samples.reduce((sum, sample) => sum + sample[part], 0);
const STATISTICS = {
  Average: (samples: readonly Sample[]) => total(samples, 'sum') / total(samples, 'count'),
  Maximum: (samples: readonly Sample[]) => Math.max(...samples.map(({ maximum }) => maximum)),
  Minimum: (samples: readonly Sample[]) => Math.min(...samples.map(({ minimum }) => minimum)),
  SampleCount: (samples: readonly Sample[]) => total(samples, 'count'),
  Sum: (samples: readonly Sample[]) => total(samples, 'sum'),
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Periods that CloudWatch looks back beyond the evaluation periods when some are missing. Not documented as a number: the
 * examples of "Configuring how CloudWatch alarms treat missing data" look at five periods for three.
 */
export const EXTRA_PERIODS = 2;

/**
 * The state of a CloudWatch alarm at `now` (milliseconds), from the periods that are complete by then. Its window moves every minute; a
 * window of more than a day moves every hour (CloudWatch user guide, "Alarm evaluation").
 * @param series the samples of each metric in the order of `alarm.metrics`, sorted by time
 */
export function evaluateAlarm(
  alarm: EvaluatedAlarm,
  series: readonly (readonly Sample[])[],
  now: number,
  current: AlarmState,
): AlarmState {
  const periodMs = alarm.periodSeconds * 1000;
  const stepMs = periodMs * alarm.evaluationPeriods > DAY_MS ? HOUR_MS : MINUTE_MS;
  const end = Math.floor(now / stepMs) * stepMs;
  const valueOf = periodValue(alarm);
  const periods = Array.from({ length: alarm.evaluationPeriods + EXTRA_PERIODS }, (_, age) => {
    const start = end - (age + 1) * periodMs;
    const value = valueOf(series.map((samples) => between(samples, start, start + periodMs)));
    return value === undefined ? undefined : COMPARISONS[alarm.comparisonOperator](value, alarm.threshold);
  });
  return decideState(periods, alarm, current);
}

/** The value of a period that an alarm compares with its threshold. */
export interface ComparedValue {
  /** Start of the period, milliseconds. */
  readonly time: number;
  readonly value: number;
}

/**
 * What an alarm compared in each period with data from `from` until `now`, milliseconds, oldest first.
 * @param series as for evaluateAlarm
 */
export function comparedValues(
  alarm: EvaluatedAlarm,
  series: readonly (readonly Sample[])[],
  from: number,
  now: number,
): ComparedValue[] {
  const periodMs = alarm.periodSeconds * 1000;
  const valueOf = periodValue(alarm);
  const values: ComparedValue[] = [];
  for (let time = Math.ceil(from / periodMs) * periodMs; time + periodMs <= now; time += periodMs) {
    const value = valueOf(series.map((samples) => between(samples, time, time + periodMs)));
    if (value !== undefined) values.push({ time, value });
  }
  return values;
}

/**
 * Whether a new alarm still waits in INSUFFICIENT_DATA for its first values: until its warm-up is over, or its window is full, which it is
 * one window after the first value when the newest period has one (CloudWatch user guide, "Alarm warm-up periods").
 * @param series as for evaluateAlarm
 * @param createdAt when the alarm was created, milliseconds
 */
export function isWarmingUp(
  { warmUpSeconds = 0, periodSeconds, evaluationPeriods }: EvaluatedAlarm,
  series: readonly (readonly Sample[])[],
  createdAt: number,
  now: number,
): boolean {
  if (now >= createdAt + warmUpSeconds * 1000) return false;
  const periodMs = periodSeconds * 1000;
  const isFull = series.every(
    (samples) =>
      samples[0] !== undefined &&
      samples[0].time <= now - periodMs * evaluationPeriods &&
      between(samples, now - periodMs, now).length > 0,
  );
  return !isFull;
}

/** Returns the function that turns the samples of one period, a list for each metric, into the value that is compared. */
function periodValue({ metrics, expression }: EvaluatedAlarm): (series: Sample[][]) => number | undefined {
  const statistics = (series: Sample[][]) =>
    metrics.map(({ statistic }, index) => {
      const samples = series[index] ?? [];
      return samples.length === 0 ? undefined : STATISTICS[statistic](samples);
    });
  if (expression === undefined) return (series) => statistics(series)[0];
  const ids = metrics.map(({ id }) => id);
  const math = parseMetricMath(expression, ids);
  return (series) => {
    const values = statistics(series);
    return math(Object.fromEntries(ids.map((id, index) => [id, values[index]])));
  };
}

/** Samples from `start` (inclusive) to `end` (exclusive). */
function between(samples: readonly Sample[], start: number, end: number): Sample[] {
  return samples.slice(firstFrom(samples, start), firstFrom(samples, end));
}

/** Index of the first sample at or after a time, by binary search. */
function firstFrom(samples: readonly Sample[], time: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The periods of an evaluation range, as far as they decide an alarm's state. */
export interface RangeSummary {
  /** How many of the newest periods with data are evaluated: at most the evaluation periods. */
  readonly real: number;
  /** How many of these are breaching. */
  readonly breaching: number;
  /** Age of the oldest breaching period, in periods; 1 is the newest. */
  readonly oldestBreaching: number;
}

/**
 * The state that follows from the periods of the evaluation range.
 * @param periods newest first: whether the period is breaching; undefined where it has no data
 */
export function decideState(
  periods: readonly (boolean | undefined)[],
  alarm: Pick<EvaluatedAlarm, 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'>,
  current: AlarmState,
): AlarmState {
  const real = periods.filter((breaches) => breaches !== undefined).slice(0, alarm.evaluationPeriods);
  const breaching = real.filter(Boolean).length;
  return stateOf({ real: real.length, breaching, oldestBreaching: periods.lastIndexOf(true) + 1 }, alarm, current);
}

/**
 * The state that follows from the evaluation range, by the rules and tables of "Configuring how CloudWatch alarms treat missing data"
 * (CloudWatch user guide). Where a table and the sentence on premature transitions differ (0 - X - - with two of three), the table counts.
 */
export function stateOf(
  { real, breaching, oldestBreaching }: RangeSummary,
  {
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData,
  }: Pick<EvaluatedAlarm, 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'>,
  current: AlarmState,
): AlarmState {
  if (breaching >= datapointsToAlarm) return 'ALARM';
  // Enough real data in the range: how missing data is treated does not matter.
  const filled = evaluationPeriods - real;
  if (filled === 0) return 'OK';
  const isGood = real > breaching;
  switch (treatMissingData) {
    case 'breaching':
      return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return isGood ? 'OK' : current;
    case 'missing':
      if (real === 0) return 'INSUFFICIENT_DATA';
      if (isGood) return 'OK';
      // All known data is breaching. Once the oldest of it is datapointsToAlarm periods old, the alarm fires. Until then the guide
      // only says that it does not fire; that it keeps its state is our interpretation.
      return oldestBreaching >= datapointsToAlarm ? 'ALARM' : current;
  }
}
