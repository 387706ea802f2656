import {
  type AlarmState,
  COMPARISONS,
  evaluateAlarm,
  type EvaluatedAlarm,
  type Sample,
} from '../../../../lib/rehearsal/alarms/alarm-evaluator';
import {
  evaluateMinutes,
  minuteSeries,
  type MinuteSeries,
} from '../../../../lib/rehearsal/alarms/minutes/evaluate-minutes';

const MINUTE_MS = 60_000;

/** A generator of numbers from 0 to below 1 (the multiplicative congruential generator of Park and Miller). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function pick<T>(random: () => number, options: readonly T[]): T {
  return options[Math.floor(random() * options.length)]!;
}

const metric = (id: string, statistic: EvaluatedAlarm['metrics'][number]['statistic']) => ({
  id,
  namespace: 'N',
  metricName: id,
  dimensions: {},
  statistic,
});

function randomAlarm(random: () => number): EvaluatedAlarm {
  const evaluationPeriods = 1 + Math.floor(random() * 5);
  const statistics = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'] as const;
  const isMath = random() < 0.3;
  return {
    name: 'random',
    metrics: [metric('m1', pick(random, statistics)), ...(isMath ? [metric('m2', pick(random, statistics))] : [])],
    expression: isMath ? pick(random, ['m1 / m2', '(m1 > 1) * (m2 < 3)', 'm1 - (m2 - 1)']) : undefined,
    periodSeconds: pick(random, [60, 60, 120, 300, 3600, 5400, 86_400]),
    evaluationPeriods,
    datapointsToAlarm: 1 + Math.floor(random() * evaluationPeriods),
    comparisonOperator: pick(random, Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[]),
    threshold: pick(random, [0, 0.5, 1, 2, 2.5, 6]),
    treatMissingData: pick(random, ['breaching', 'notBreaching', 'ignore', 'missing'] as const),
  };
}

/** The same values for both forms: several in a minute, none for stretches of time. */
function randomSeries(random: () => number, minutes: number): { samples: Sample[]; series: MinuteSeries } {
  const empty = () => new Float64Array(minutes);
  const series = { minimum: empty(), maximum: empty(), sum: empty(), count: empty() };
  const samples: Sample[] = [];
  let share = random();
  for (let minute = 0; minute < minutes; minute++) {
    if (random() < 0.02) share = pick(random, [0, 0.1, 0.9, 1]);
    if (random() >= share) continue;
    const values = Array.from({ length: 1 + Math.floor(random() * 2) }, () => Math.floor(random() * 30) / 10);
    const sum = values.reduce((total, value) => total + value, 0);
    const summary = { minimum: Math.min(...values), maximum: Math.max(...values), sum, count: values.length };
    samples.push({ time: minute * MINUTE_MS + Math.floor(random() * 60) * 1000, ...summary });
    for (const part of ['minimum', 'maximum', 'sum', 'count'] as const) series[part][minute] = summary[part];
  }
  return { samples, series };
}

/** The changes of state by the simple form: every minute, or every hour where CloudWatch evaluates a window only then. */
function changesOf(alarm: EvaluatedAlarm, samples: Sample[][], minutes: number) {
  const step = alarm.periodSeconds * alarm.evaluationPeriods > 86_400 ? 60 : 1;
  let state: AlarmState = 'INSUFFICIENT_DATA';
  return Array.from({ length: Math.floor(minutes / step) }, (_, i) => (i + 1) * step).flatMap((minute) => {
    const next = evaluateAlarm(alarm, samples, minute * MINUTE_MS, state);
    const changed = next !== state;
    state = next;
    return changed ? [{ minute, state }] : [];
  });
}

test('gives the same states as the simple form', () => {
  const random = generator(1);
  const states = new Map<AlarmState, number>();
  for (let run = 0; run < 300; run++) {
    const alarm = randomAlarm(random);
    const minutes = 40 + Math.ceil((alarm.periodSeconds / 60) * (alarm.evaluationPeriods + 3) * random());
    const inputs = alarm.metrics.map(() => randomSeries(random, minutes));
    const fast = evaluateMinutes(
      alarm,
      inputs.map(({ series }) => series),
    );
    const simple = changesOf(
      alarm,
      inputs.map(({ samples }) => samples),
      minutes,
    );
    expect({ alarm, changes: fast }).toEqual({ alarm, changes: simple });
    for (const { state } of fast) states.set(state, (states.get(state) ?? 0) + 1);
  }
  // Every state occurs often, or the comparison would show little.
  expect([...states.keys()].sort()).toEqual(['ALARM', 'INSUFFICIENT_DATA', 'OK']);
  expect(Math.min(...states.values())).toBeGreaterThan(20);
});

test('takes one value a minute, and begins in the given state', () => {
  const alarm: EvaluatedAlarm = {
    ...randomAlarm(generator(2)),
    metrics: [metric('m1', 'Maximum')],
    expression: undefined,
    periodSeconds: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 5,
    treatMissingData: 'notBreaching',
  };
  const values = Float64Array.from([1, 9, NaN, 9, 9, 9, 1, NaN]);
  expect(evaluateMinutes(alarm, [minuteSeries(values)], 'OK')).toEqual([
    { minute: 4, state: 'ALARM' },
    { minute: 7, state: 'OK' },
  ]);
});

test('fails on a period that is not whole minutes', () => {
  const alarm = { ...randomAlarm(generator(3)), periodSeconds: 10 };
  expect(() => evaluateMinutes(alarm, [])).toThrow('alarm random has a period of 10 s; allowed: whole minutes');
});
