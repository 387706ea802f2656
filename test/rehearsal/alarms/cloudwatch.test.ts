import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { EvaluatedAlarm } from '../../../lib/rehearsal/alarms/alarm-evaluator';
import { LocalCloudWatch } from '../../../lib/rehearsal/alarms/cloudwatch';
import { readAlarm } from '../../../lib/rehearsal/alarms/read-alarm';

const published = {
  AlarmName: 'published',
  Namespace: 'N',
  MetricName: 'm',
  Dimensions: [{ Name: 'Environment', Value: 'production' }],
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 5,
  TreatMissingData: 'notBreaching',
};
const reference = { 'Fn::ImportValue': 'Server' };
const math = {
  AlarmName: 'math',
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 2,
  Metrics: [
    { Id: 'expr_1', Expression: 'm1 / m2' },
    ...['m1', 'm2'].map((Id) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: 'AWS/RDS', MetricName: Id, Dimensions: [{ Name: 'DBInstanceIdentifier', Value: reference }] },
        Period: 60,
        Stat: 'Sum',
      },
      ReturnData: false,
    })),
  ],
}; // prettier-ignore

const datum = { MetricName: 'm', Dimensions: [{ Name: 'Environment', Value: 'production' }], Timestamp: new Date(0) };

test.each([
  ['Value', { Value: 6 }, { Maximum: 'ALARM', Minimum: 'ALARM', Sum: 'ALARM', SampleCount: 'OK', Average: 'ALARM' }],
  ['Values', { Values: [1, 6] }, { Maximum: 'ALARM', Minimum: 'OK', Sum: 'ALARM', SampleCount: 'OK', Average: 'OK' }],
  ['Counts', { Values: [1, 6], Counts: [2, 8] }, { Maximum: 'ALARM', Minimum: 'OK', Sum: 'ALARM', SampleCount: 'ALARM', Average: 'OK' }],
  ['StatisticValues', { StatisticValues: { Minimum: 0, Maximum: 6, Sum: 8, SampleCount: 9 } }, { Maximum: 'ALARM', Minimum: 'OK', Sum: 'ALARM', SampleCount: 'ALARM', Average: 'OK' }],
])('keeps %s as CloudWatch does', async (_, values, states) => {
  const alarms = Object.keys(states).map((Statistic) => readAlarm({ ...published, AlarmName: Statistic, Statistic }));
  const cloudWatch = new LocalCloudWatch(alarms);
  await cloudWatch.client.send(new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ ...datum, ...values }] }));
  expect(cloudWatch.evaluate(60_000)).toEqual(states);
}); // prettier-ignore

test('a series of AWS is replayed under the reference that the template has for it', () => {
  const alarm = readAlarm(math);
  expect(alarm.metrics[0]?.dimensions).toEqual({ DBInstanceIdentifier: JSON.stringify(reference) });
  const cloudWatch = new LocalCloudWatch([alarm]);
  alarm.metrics.forEach((metric, index) => cloudWatch.replay(metric, 0, index === 0 ? 9 : 3));
  expect(cloudWatch.evaluate(60_000)).toEqual({ math: 'ALARM' });
});

test('an unknown datum is refused', async () => {
  const { client } = new LocalCloudWatch([]);
  const send = (values: object) =>
    client.send(new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ ...datum, ...values }] }));
  await expect(send({})).rejects.toThrow('a datum without a value');
  await expect(send({ Values: [1], Counts: [1, 2] })).rejects.toThrow('other Counts than Values');
});

test.each<[string, Record<string, unknown>, string]>([
  ['a percentile', { ...published, ExtendedStatistic: 'p99' }, 'alarm published has ExtendedStatistic'],
  ['a wall clock', { ...published, EvaluationWindow: {} }, 'alarm published has EvaluationWindow'],
  ['a band', { ...published, ComparisonOperator: 'LessThanLowerThreshold' }, 'has the comparison LessThanLowerThreshold'],
  ['two expressions', { ...math, Metrics: [...math.Metrics, { Id: 'e2', Expression: 'm1', ReturnData: false }] }, 'more than one expression'],
  ['a function', { ...math, Metrics: [{ Id: 'e', Expression: 'SUM(m1)' }, ...math.Metrics.slice(1)] }, 'has a CallExpression'],
  ['nothing returned', { ...math, Metrics: math.Metrics.slice(1) }, 'has 0 returned metrics'],
])('an alarm with %s is refused', (_, properties, sentence) => {
  const read = (): EvaluatedAlarm => readAlarm(properties);
  expect(read).toThrow(sentence);
}); // prettier-ignore
