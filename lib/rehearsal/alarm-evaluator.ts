/** A state of a CloudWatch alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What a CloudWatch alarm on one metric compares, in the words of AWS::CloudWatch::Alarm. */
export interface EvaluatedAlarm {
  readonly name: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparisonOperator: keyof typeof COMPARISONS;
  readonly threshold: number;
  readonly treatMissingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

/** One published value. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}

/** Comparisons that an alarm can make. */
export const COMPARISONS = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
};

const STATISTICS = {
  Average: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Maximum: (values: readonly number[]) => Math.max(...values),
  Minimum: (values: readonly number[]) => Math.min(...values),
  SampleCount: (values: readonly number[]) => values.length,
  Sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
};

/**
 * Periods that CloudWatch looks back beyond the evaluation periods when some are missing. Not documented as a number: the
 * examples of "Configuring how CloudWatch alarms treat missing data" look at five periods for three.
 */
const EXTRA_PERIODS = 2;

/** What a CloudWatch alarm says at `now` (milliseconds), from the periods that are complete by then. */
export function evaluateAlarm(alarm: EvaluatedAlarm, samples: readonly Sample[], now: number, current: AlarmState): AlarmState {
  const periodMs = alarm.periodSeconds * 1000;
  const end = Math.floor(now / periodMs) * periodMs;
  const periods = Array.from({ length: alarm.evaluationPeriods + EXTRA_PERIODS }, (_, age) => {
    const start = end - (age + 1) * periodMs;
    const values = samples.filter(({ time }) => time >= start && time < start + periodMs).map(({ value }) => value);
    if (values.length === 0) return undefined;
    return COMPARISONS[alarm.comparisonOperator](STATISTICS[alarm.statistic](values), alarm.threshold);
  });
  return decideState(periods, alarm, current);
}

/**
 * The state that follows from the evaluation range, after "Configuring how CloudWatch alarms treat missing data" (CloudWatch user
 * guide).
 * @param periods the newest first: whether the period breaches, undefined where it has no data
 */
export function decideState(
  periods: readonly (boolean | undefined)[],
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: Pick<EvaluatedAlarm, 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'>,
  current: AlarmState,
): AlarmState {
  const real = periods.filter((breaches) => breaches !== undefined).slice(0, evaluationPeriods);
  const breaching = real.filter(Boolean).length;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  // Enough real data somewhere in the range: how to treat missing data does not matter.
  const filled = evaluationPeriods - real.length;
  if (filled === 0) return 'OK';
  switch (treatMissingData) {
    case 'breaching':
      return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return real.includes(false) ? 'OK' : current;
    case 'missing':
      if (real.length === 0) return 'INSUFFICIENT_DATA';
      if (real.includes(false)) return 'OK';
      // All that is known breaches. Once the oldest of it is old enough the alarm waits no longer; until then the guide only says
      // that it does not fire: that it keeps its state is our reading.
      return periods.lastIndexOf(true) + 1 >= datapointsToAlarm ? 'ALARM' : current;
  }
}
