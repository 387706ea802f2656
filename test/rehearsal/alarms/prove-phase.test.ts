import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { EvaluatedAlarm } from '../../../lib/rehearsal/alarms/alarm-evaluator';
import { isProven } from '../../../lib/rehearsal/alarms/alarm-proof';
import { QUICK } from '../../../lib/rehearsal/alarms/pace';
import { type ProofContext, provePhase } from '../../../lib/rehearsal/alarms/prove-phase';
import type { FaultTarget, Scenario } from '../../../lib/rehearsal/scenarios/scenario';

/** Values of the metrics `one` and `two`, which the collector of this test publishes. */
let values: Record<string, number>;
let repairs: string[];

beforeEach(() => {
  values = { one: 0, two: 0 };
  repairs = [];
});

const alarm = (name: string): EvaluatedAlarm => ({
  name: `test-${name}`,
  metrics: [{ id: 'm1', namespace: 'N', metricName: name, dimensions: {}, statistic: 'Maximum' }],
  periodSeconds: 60,
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 0,
  treatMissingData: 'missing',
});

const context: ProofContext = {
  environment: 'test',
  alarms: ['one', 'two', 'unrelated'].map(alarm),
  startCollector: (cloudWatch, now) => async () => {
    const MetricData = Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value, Timestamp: now() }));
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'N', MetricData }));
  },
  target: {} as FaultTarget,
};

/** A fault that sets metrics to 1 and has the alarms of the metrics `alerts`. */
const fault = (alerts: readonly string[], metrics: readonly string[], repairTo = 0): Scenario => ({
  alarms: alerts.map((alert) => ({ alert })),
  fault: `a fault of ${alerts.join(' and ')}`,
  inject: () => {
    for (const metric of metrics) values[metric] = 1;
    return Promise.resolve(() => {
      repairs.push(alerts.join());
      for (const metric of metrics) values[metric] = repairTo;
      return Promise.resolve();
    });
  },
});

const phase = (...scenarios: Scenario[]) => provePhase({ name: 'test', pace: QUICK, mayFire: [], scenarios }, context);
const prove = async (...scenarios: Scenario[]) => (await phase(...scenarios)).proofs;

test('alarms that fire and clear are proven, in the order of the scenarios', async () => {
  const proofs = await prove(fault(['two'], ['two']), fault(['one'], ['one']));
  expect(proofs).toMatchObject([
    { name: 'two', alarm: 'test-two', provoked: true, fault: 'a fault of two', transitions: ['OK', 'ALARM', 'OK'] },
    { name: 'one', alarm: 'test-one', provoked: true, fault: 'a fault of one', transitions: ['OK', 'ALARM', 'OK'] },
  ]);
  expect(proofs.every(isProven)).toBe(true);
  // Two periods until the alarm fires, one until it is OK again.
  expect(proofs.map(({ alarmSeconds }) => alarmSeconds)).toEqual([180, 180]);
  expect(repairs).toEqual(['two', 'one']);
  expect(proofs[0]?.measured).toEqual({
    threshold: 0,
    values: [
      [-60, 0],
      [0, 1],
      [60, 1],
      [120, 0],
    ],
  });
});

test('a fault is repaired once all of its alarms fire', async () => {
  const proofs = await prove(fault(['one', 'two'], ['one', 'two']));
  expect(proofs.map(({ alarm, transitions }) => [alarm, transitions.join()])).toEqual([
    ['test-one', 'OK,ALARM,OK'],
    ['test-two', 'OK,ALARM,OK'],
  ]);
  expect(repairs).toEqual(['one,two']);
});

test('a fault whose alarm does not fire is repaired in the end, and its alarm is not proven', async () => {
  const proofs = await prove(fault(['one', 'two'], ['one']));
  expect(repairs).toEqual(['one,two']);
  expect(proofs.map(({ transitions }) => transitions.join())).toEqual(['OK,ALARM', 'OK']);
  expect(proofs.some(isProven)).toBe(false);
});

test('an alarm that does not clear after the repair is not proven', async () => {
  const proofs = await prove(fault(['one'], ['one'], 1), fault(['two'], ['two']));
  expect(repairs.sort()).toEqual(['one', 'two']);
  expect(proofs.map((proof) => [proof.transitions.join(), isProven(proof)])).toEqual([
    ['OK,ALARM', false],
    ['OK,ALARM,OK', true],
  ]);
});

test('an alert without an alarm in the assembly is refused', async () => {
  await expect(prove(fault(['three'], ['one']))).rejects.toThrow('the assembly of test has no alarm test-three');
});

test('another alarm that fires is reported, with the reason where a scenario declares it', async () => {
  const both = fault(['one'], ['one', 'two']);
  expect((await phase(both)).crossTalk).toEqual([{ during: 'test', alarm: 'test-two' }]);
  const declared = { ...both, mayFire: [{ alert: 'two', why: 'it reads the same' }] };
  expect((await phase(declared)).crossTalk).toEqual([{ during: 'test', alarm: 'test-two', why: 'it reads the same' }]);
  expect((await phase({ ...both, mayFire: [{ alert: 'tw', why: 'another name' }] })).crossTalk).toEqual([
    { during: 'test', alarm: 'test-two' },
  ]);
});

test('an alarm without values, or one that is quiet, is no other alarm that fires', async () => {
  expect((await phase(fault(['one'], ['one']))).crossTalk).toEqual([]);
});
