import {
  type AlarmState,
  comparedValues,
  decideState,
  evaluateAlarm,
  type EvaluatedAlarm,
  isWarmingUp,
  sampleOf,
} from '../../../lib/rehearsal/alarms/alarm-evaluator';

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const RETAINED = 'Retain current state';

/**
 * The two tables of "Configuring how CloudWatch alarms treat missing data" (CloudWatch user guide), row by row: datapoints to alarm, of
 * evaluation periods; the five newest data points, the newest on the right (0 is not breaching, X is breaching, - is missing); the state
 * where missing data is treated as missing, ignore, breaching, not breaching.
 */
const DOCUMENTED = `
  3 of 3 | 0 - X - X | OK                | OK                   | OK    | OK
  3 of 3 | 0 - - - - | OK                | OK                   | OK    | OK
  3 of 3 | - - - - - | INSUFFICIENT_DATA | Retain current state | ALARM | OK
  3 of 3 | 0 X X - X | ALARM             | ALARM                | ALARM | ALARM
  3 of 3 | - - X - - | ALARM             | Retain current state | ALARM | OK
  2 of 3 | 0 - X - X | ALARM             | ALARM                | ALARM | ALARM
  2 of 3 | 0 0 X 0 X | ALARM             | ALARM                | ALARM | ALARM
  2 of 3 | 0 - X - - | OK                | OK                   | ALARM | OK
  2 of 3 | - - - - 0 | OK                | OK                   | ALARM | OK
  2 of 3 | - - - X - | ALARM             | Retain current state | ALARM | OK`;

interface Row {
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  /** Newest first. */
  readonly periods: readonly (boolean | undefined)[];
  /** In the order of TREATMENTS. */
  readonly states: readonly string[];
}

const rows = DOCUMENTED.trim()
  .split('\n')
  .map((line): [string, Row] => {
    const [counts = '', points = '', ...states] = line.split('|').map((cell) => cell.trim());
    const [datapointsToAlarm = 0, evaluationPeriods = 0] = counts.split(' of ').map(Number);
    const row = { datapointsToAlarm, evaluationPeriods, periods: periodsOf(points), states };
    return [`${counts}, ${points}`, row];
  });

function periodsOf(points: string): (boolean | undefined)[] {
  return points
    .split(' ')
    .reverse()
    .map((point) => (point === '-' ? undefined : point === 'X'));
}

const CURRENT_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const satisfies readonly AlarmState[];

describe.each(rows)('AWS’s table: %s', (_, { periods, states, ...counts }) => {
  test.each(TREATMENTS.map((treatMissingData, i) => [treatMissingData, states[i]!] as const))(
    '%s: %s',
    (treatMissingData, state) => {
      for (const current of CURRENT_STATES) {
        const expected = state === RETAINED ? current : state;
        expect(decideState(periods, { ...counts, treatMissingData }, current)).toBe(expected);
      }
    },
  );
});

// The guide's section "Avoiding premature transitions to alarm state", with missing data treated as missing.
test.each([
  ['3 of 3, one breaching period that is new', 3, '- - - - X', 'not ALARM'],
  ['3 of 3, it is not yet three periods old', 3, '- - - X -', 'not ALARM'],
  ['3 of 3, the next one is good', 3, '- - - X 0', 'OK'],
  ['3 of 3, the one after is good', 3, '- - X - 0', 'OK'],
  ['3 of 3, it is three periods old', 3, '- - X - -', 'ALARM'],
  ['3 of 3, it is older', 3, '- X - - -', 'ALARM'],
  ['2 of 3, it is new', 2, '- - - - X', 'not ALARM'],
  ['2 of 3, it is two periods old', 2, '- - - X -', 'ALARM'],
] as const)('a premature transition: %s', (_, datapointsToAlarm, points, state) => {
  const counts = { datapointsToAlarm, evaluationPeriods: 3, treatMissingData: 'missing' } as const;
  for (const current of ['OK', 'INSUFFICIENT_DATA'] as const) {
    const next = decideState(periodsOf(points), counts, current);
    if (state === 'not ALARM') expect(next).not.toBe('ALARM');
    else expect(next).toBe(state);
  }
});

test('a good period that leaves the range lets missing data fire, as the guide says of the second row', () => {
  const counts = { datapointsToAlarm: 3, evaluationPeriods: 3, treatMissingData: 'breaching' } as const;
  expect(decideState(periodsOf('0 - - - -'), counts, 'OK')).toBe('OK');
  expect(decideState(periodsOf('- - - - -'), counts, 'OK')).toBe('ALARM');
});

const alarm: EvaluatedAlarm = {
  name: 'down',
  metrics: [{ id: 'm1', namespace: 'N', metricName: 'up', dimensions: {}, statistic: 'Minimum' }],
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparisonOperator: 'LessThanThreshold',
  threshold: 1,
  treatMissingData: 'breaching',
};

test('a period is evaluated once it is complete', () => {
  const samples = [[sampleOf(60_000, 0)]];
  expect(evaluateAlarm({ ...alarm, treatMissingData: 'ignore' }, samples, 119_000, 'OK')).toBe('OK');
  expect(evaluateAlarm(alarm, samples, 120_000, 'OK')).toBe('ALARM');
});

test.each([
  ['Minimum', 'ALARM'],
  ['Maximum', 'OK'],
  ['Average', 'ALARM'],
  ['Sum', 'OK'],
  ['SampleCount', 'OK'],
] as const)('%s of 0 and 1 is compared with 1: %s', (statistic, state) => {
  const samples = [[sampleOf(60_000, 0), sampleOf(90_000, 1)]];
  const metrics = alarm.metrics.map((metric) => ({ ...metric, statistic }));
  expect(evaluateAlarm({ ...alarm, metrics }, samples, 120_000, 'OK')).toBe(state);
});

test('what an alarm compares: each complete period that has data', () => {
  const samples = [[sampleOf(60_000, 0), sampleOf(90_000, 1), sampleOf(180_000, 1), sampleOf(240_000, 1)]];
  expect(comparedValues(alarm, samples, 1, 299_000)).toEqual([
    { time: 60_000, value: 0 },
    { time: 180_000, value: 1 },
  ]);
});

test('the alarm of a server without data fires, and clears when there is data again', () => {
  const samples = [[0, 1, 5, 6].map((minute) => sampleOf(minute * 60_000, 1))];
  const states: AlarmState[] = ['INSUFFICIENT_DATA'];
  for (let minute = 1; minute <= 7; minute++)
    states.push(evaluateAlarm(alarm, samples, minute * 60_000, states.at(-1) ?? 'OK'));
  expect(states.slice(1)).toEqual(['OK', 'OK', 'OK', 'OK', 'ALARM', 'OK', 'OK']);
});

const MINUTE = 60_000;
const minutes = (count: number, value: (minute: number) => number) =>
  Array.from({ length: count }, (_, minute) => sampleOf(minute * MINUTE, value(minute)));

test('a window of several minutes moves every minute', () => {
  const sliding = { ...alarm, periodSeconds: 300, treatMissingData: 'notBreaching' } as const;
  const samples = [minutes(20, (minute) => (minute === 7 ? 0 : 1))];
  const states = Array.from({ length: 8 }, (_, i) => evaluateAlarm(sliding, samples, (6 + i) * MINUTE, 'OK'));
  expect(states).toEqual(['OK', 'OK', 'ALARM', 'ALARM', 'ALARM', 'ALARM', 'ALARM', 'OK']);
});

test('a window of more than a day moves every hour', () => {
  const daily = {
    ...alarm,
    periodSeconds: 3600,
    evaluationPeriods: 25,
    datapointsToAlarm: 25,
    treatMissingData: 'ignore',
  } as const;
  const samples = [minutes(26 * 60, () => 0)];
  expect(evaluateAlarm(daily, samples, 25 * 60 * MINUTE - MINUTE, 'OK')).toBe('OK');
  expect(evaluateAlarm(daily, samples, 25 * 60 * MINUTE, 'OK')).toBe('ALARM');
});

describe('a new alarm', () => {
  // The example of "Alarm warm-up periods" (CloudWatch user guide): three periods of five minutes, created at 10:00, values from 10:04.
  const slow = { ...alarm, periodSeconds: 300, evaluationPeriods: 3, datapointsToAlarm: 3, warmUpSeconds: 1800 };
  const values = [Array.from({ length: 60 }, (_, i) => sampleOf((4 + i) * MINUTE, 1))];
  const ends = (samples: typeof values) =>
    Array.from({ length: 60 }, (_, minute) => minute).find((minute) => !isWarmingUp(slow, samples, 0, minute * MINUTE));

  test('waits until its window is full of values, or its warm-up is over', () => {
    expect([ends(values), ends([[]]), ends([values[0]!.slice(0, 1)])]).toEqual([19, 30, 30]);
  });
  test('without a warm-up waits for nothing', () => {
    expect(isWarmingUp(alarm, [[]], 0, 0)).toBe(false);
  });
});

describe('metric math', () => {
  const series = (id: string) => ({ id, namespace: 'N', metricName: id, dimensions: {}, statistic: 'Sum' }) as const;
  const ratio: EvaluatedAlarm = {
    ...alarm,
    metrics: [series('m1'), series('m2')],
    expression: 'm1 / (m1 + m2)',
    comparisonOperator: 'LessThanThreshold',
    threshold: 0.5,
    treatMissingData: 'ignore',
  };
  const at = (m1?: number, m2?: number) =>
    evaluateAlarm(
      ratio,
      [m1, m2].map((value) => (value === undefined ? [] : [sampleOf(0, value)])),
      MINUTE,
      'INSUFFICIENT_DATA',
    );

  test('is evaluated in each period', () => {
    expect([at(1, 2), at(2, 1)]).toEqual(['ALARM', 'OK']);
  });
  test('takes a missing metric for 0 beside another, and has no value where the divisor is 0 or all are missing', () => {
    expect([at(1), at(undefined, 1)]).toEqual(['OK', 'ALARM']);
    expect([at(0, 0), at()]).toEqual(['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA']);
  });
});
