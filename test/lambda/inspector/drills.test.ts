import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { METRIC_NAMESPACE } from '../../../lib/contract/metrics';
import { type LastSuccesses, overdueDays, overdueDrills, readLastSuccesses } from '../../../lambda/inspector/drills';

const NOW = new Date('2026-11-24T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const mock = mockClient(CloudWatchClient);
const client = new CloudWatchClient({ region: 'us-east-1' });

beforeEach(() => mock.reset());

/** Sets CloudWatch's answer: for each kind the days since its successes, the newest first. */
function answers(...ago: (readonly number[])[]): void {
  const results = ['verification', 'pointInTime', 'full'].map((Id, i): MetricDataResult => ({
    Id,
    StatusCode: 'Complete',
    Timestamps: (ago[i] ?? []).map(daysAgo),
  }));
  mock.on(GetMetricDataCommand).resolves({ MetricDataResults: results });
}

test('asks for the successes of each kind, as far back as the longest period', async () => {
  answers([1, 8], [20], []);
  expect(await readLastSuccesses(client, 'production', NOW)).toEqual({
    verification: daysAgo(1),
    pointInTime: daysAgo(20),
    full: undefined,
  });
  const { StartTime, ScanBy, MetricDataQueries } = mock.commandCalls(GetMetricDataCommand)[0]!.args[0].input;
  expect([StartTime, ScanBy]).toEqual([daysAgo(95), 'TimestampDescending']);
  const Dimensions = [{ Name: 'Environment', Value: 'production' }];
  expect(MetricDataQueries?.map(({ MetricStat }) => MetricStat?.Metric)).toEqual([
    { Namespace: METRIC_NAMESPACE, MetricName: 'drill_verification_successes', Dimensions },
    { Namespace: METRIC_NAMESPACE, MetricName: 'drill_point_in_time_successes', Dimensions },
    { Namespace: METRIC_NAMESPACE, MetricName: 'drill_full_successes', Dimensions },
  ]);
});

const NEVER = { verification: undefined, pointInTime: undefined, full: undefined };

test.each<[string, LastSuccesses, Date, number[]]>([
  [
    'all in time',
    { verification: daysAgo(7), pointInTime: daysAgo(30), full: daysAgo(90) },
    daysAgo(1000),
    [-1, -3, -5],
  ],
  ['one late', { verification: daysAgo(9), pointInTime: daysAgo(1), full: daysAgo(1) }, daysAgo(1000), [1, -32, -94]],
  ['a young server without any drill', NEVER, daysAgo(2), [-6, -31, -93]],
  ['an old server without any drill', NEVER, daysAgo(100), [92, 67, 5]],
])('overdue: %s', (_, last, created, days) => expect(overdueDays(last, created, NOW)).toEqual(days));

describe('in its hour of the day', () => {
  const inHour = new Date('2026-11-24T07:35:00Z');
  const ask = (created: Date | undefined, now = inHour) => overdueDrills(client, 'production', created, now);

  test('the inspector publishes how late each kind is, and in no other hour', async () => {
    answers([1], [1], [1]);
    expect(await ask(daysAgo(10))).toMatchObject({
      metric: 'drill_overdue_days',
      values: [expect.closeTo(-7.18, 1), expect.closeTo(-32.18, 1), expect.closeTo(-94.18, 1)],
    });
    expect(await ask(daysAgo(10), NOW)).toBeUndefined();
    expect(mock.commandCalls(GetMetricDataCommand)).toHaveLength(1);
  });

  const PARTIAL = { MetricDataResults: [{ Id: 'verification', StatusCode: 'PartialData' as const }] };
  test.each<[string, () => void, Date | undefined, string]>([
    ['refuses', () => mock.on(GetMetricDataCommand).rejects(new Error('denied')), NOW, 'restore drills: denied'],
    [
      'answers in part',
      () => mock.on(GetMetricDataCommand).resolves(PARTIAL),
      NOW,
      'restore drills: CloudWatch does not say when the drill verification last succeeded (PartialData; expected: Complete)',
    ],
    [
      'is not asked, because RDS gives no age of the server',
      () => undefined,
      undefined,
      'RDS does not give InstanceCreateTime',
    ],
  ])('CloudWatch %s: the fault is returned as a sentence', async (_, provoke, created, sentence) => {
    provoke();
    expect(await ask(created)).toContain(sentence);
  });
});
