import { type AlarmState, decideState, evaluateAlarm, type EvaluatedAlarm } from '../../lib/rehearsal/alarm-evaluator';

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
/** A state that no evaluation produces here, so that "retain" shows. */
const CURRENT = 'retained' as AlarmState;

// The examples of CloudWatch's user guide, "Configuring how CloudWatch alarms treat missing data", the newest period on the right:
// 0 does not breach, X breaches, - is missing.
describe.each([
  [3, 3, '0-X-X', ['OK', 'OK', 'OK', 'OK']],
  [3, 3, '0----', ['OK', 'OK', 'OK', 'OK']],
  [3, 3, '-----', ['INSUFFICIENT_DATA', CURRENT, 'ALARM', 'OK']],
  [3, 3, '0XX-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [3, 3, '--X--', ['ALARM', CURRENT, 'ALARM', 'OK']],
  [2, 3, '0-X-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, 3, '00X0X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, 3, '0-X--', ['OK', 'OK', 'ALARM', 'OK']],
  [2, 3, '----0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, 3, '---X-', ['ALARM', CURRENT, 'ALARM', 'OK']],
  // From its remarks on premature transitions: a breach this young does not alarm yet.
  [3, 3, '----X', [CURRENT, CURRENT, 'ALARM', 'OK']],
  [3, 3, '---X-', [CURRENT, CURRENT, 'ALARM', 'OK']],
] as const)('%d of %d periods, %s', (datapointsToAlarm, evaluationPeriods, periods, states) => {
  test.each(TREATMENTS.map((treatment, i) => [treatment, states[i]] as const))('%s: %s', (treatMissingData, state) => {
    const breaches = [...periods].reverse().map((period) => (period === '-' ? undefined : period === 'X'));
    expect(decideState(breaches, { datapointsToAlarm, evaluationPeriods, treatMissingData }, CURRENT)).toBe(state);
  });
});

const alarm: EvaluatedAlarm = {
  name: 'down',
  namespace: 'N',
  metricName: 'up',
  dimensions: {},
  statistic: 'Minimum',
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparisonOperator: 'LessThanThreshold',
  threshold: 1,
  treatMissingData: 'breaching',
};

test('a period counts once it is complete', () => {
  const samples = [{ time: 60_000, value: 0 }];
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
  const samples = [
    { time: 60_000, value: 0 },
    { time: 90_000, value: 1 },
  ];
  expect(evaluateAlarm({ ...alarm, statistic }, samples, 120_000, 'OK')).toBe(state);
});

test('a server that goes silent alarms, and clears when it speaks again', () => {
  const samples = [0, 1, 5, 6].map((minute) => ({ time: minute * 60_000, value: 1 }));
  const states: AlarmState[] = ['INSUFFICIENT_DATA'];
  for (let minute = 1; minute <= 7; minute++) states.push(evaluateAlarm(alarm, samples, minute * 60_000, states.at(-1) ?? 'OK'));
  expect(states.slice(1)).toEqual(['OK', 'OK', 'OK', 'OK', 'ALARM', 'OK', 'OK']);
});
