import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { EvaluatedAlarm } from '../../../lib/rehearsal/alarms/alarm-evaluator';
import { LocalCloudWatch } from '../../../lib/rehearsal/alarms/local-cloudwatch';
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
const Dimensions = [{ Name: 'DBInstanceIdentifier', Value: reference }];
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
        Metric: { Namespace: 'AWS/RDS', MetricName: Id, Dimensions },
        Period: 60,
        Stat: 'Sum',
      },
      ReturnData: false,
    })),
  ],
};

const datum = { MetricName: 'm', Dimensions: [{ Name: 'Environment', Value: 'production' }], Timestamp: new Date(0) };

const STATISTICS = ['Maximum', 'Minimum', 'Average', 'Sum', 'SampleCount'];

test.each([
  ['Value', { Value: 6 }, ['ALARM', 'ALARM', 'ALARM', 'ALARM', 'OK']],
  ['Values', { Values: [1, 6] }, ['ALARM', 'OK', 'OK', 'ALARM', 'OK']],
  ['Counts', { Values: [1, 6], Counts: [2, 8] }, ['ALARM', 'OK', 'OK', 'ALARM', 'ALARM']],
  [
    'StatisticValues',
    { StatisticValues: { Minimum: 0, Maximum: 6, Sum: 8, SampleCount: 9 } },
    ['ALARM', 'OK', 'OK', 'ALARM', 'ALARM'],
  ],
])('keeps %s as CloudWatch does', async (_, values, states) => {
  const alarms = STATISTICS.map((Statistic) => readAlarm({ ...published, AlarmName: Statistic, Statistic }));
  const cloudWatch = new LocalCloudWatch(alarms);
  await cloudWatch.client.send(new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ ...datum, ...values }] }));
  expect(cloudWatch.evaluate(60_000)).toEqual(Object.fromEntries(STATISTICS.map((name, i) => [name, states[i]])));
});

test('a metric from AWS is replayed with the reference that the template has as its dimension', () => {
  const alarm = readAlarm(math);
  expect(alarm.metrics[0]?.dimensions).toEqual({ DBInstanceIdentifier: JSON.stringify(reference) });
  const cloudWatch = new LocalCloudWatch([alarm]);
  alarm.metrics.forEach((metric, index) => cloudWatch.replay(metric, 0, index === 0 ? 9 : 3));
  expect(cloudWatch.evaluate(60_000)).toEqual({ math: 'ALARM' });
});

test('a datum without a value or with other counts than values is refused', async () => {
  const { client } = new LocalCloudWatch([]);
  const send = (values: object) =>
    client.send(new PutMetricDataCommand({ Namespace: 'N', MetricData: [{ ...datum, ...values }] }));
  await expect(send({})).rejects.toThrow('a metric datum has none of Value, Values and StatisticValues');
  await expect(send({ Values: [1], Counts: [1, 2] })).rejects.toThrow('other Counts than Values');
});

test.each<[string, Record<string, unknown>, string]>([
  ['a percentile', { ...published, ExtendedStatistic: 'p99' }, 'alarm published has ExtendedStatistic'],
  ['a wall clock', { ...published, EvaluationWindow: {} }, 'alarm published has EvaluationWindow'],
  [
    'a band',
    { ...published, ComparisonOperator: 'LessThanLowerThreshold' },
    'has the comparison LessThanLowerThreshold',
  ],
  [
    'two expressions',
    { ...math, Metrics: [...math.Metrics, { Id: 'e2', Expression: 'm1', ReturnData: false }] },
    'more than one expression',
  ],
  [
    'a function',
    { ...math, Metrics: [{ Id: 'e', Expression: 'SUM(m1)' }, ...math.Metrics.slice(1)] },
    'has a call other than IF',
  ],
  ['nothing returned', { ...math, Metrics: math.Metrics.slice(1) }, 'has 0 returned metrics'],
])('an alarm with %s is refused', (_, properties, sentence) => {
  const read = (): EvaluatedAlarm => readAlarm(properties);
  expect(read).toThrow(sentence);
});
