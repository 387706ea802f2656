import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { DescribeStateMachineCommand, SFNClient, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { METRIC_NAMESPACE } from '../../../lib/contract/metrics';
import { DRILL_CADENCE } from '../../../lib/contract/drill/cadence';
import { type DrillKind, SUCCESS_METRICS } from '../../../lib/contract/drill/kinds';
import { overdueDrills } from '../../../lambda/inspector/drills';
import { type LastSuccesses, overdueDays, readLastSuccesses } from '../../../lambda/inspector/last-successes';

const OVERDUE_AFTER_DAYS = {
  verification: DRILL_CADENCE.verification.overdueAfterDays,
  pointInTime: DRILL_CADENCE.pointInTime.overdueAfterDays,
  full: DRILL_CADENCE.full.overdueAfterDays,
};

const NOW = new Date('2026-11-24T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const mock = mockClient(CloudWatchClient);
const client = new CloudWatchClient({ region: 'us-east-1' });

const sfn = mockClient(SFNClient);
const MACHINE = 'arn:aws:states:us-east-1:111111111111:stateMachine:production-restore-drill';

beforeEach(() => {
  mock.reset();
  sfn.reset();
  sfn.on(DescribeStateMachineCommand, { stateMachineArn: MACHINE }).resolves({ creationDate: daysAgo(1000) });
});

/** Sets CloudWatch's answer: for each kind the days since its successes, the newest first. */
function answers(...ago: (readonly number[])[]): void {
  const results = ['verification', 'pointInTime', 'full'].map((Id, i): MetricDataResult => ({
    Id,
    StatusCode: 'Complete',
    Timestamps: (ago[i] ?? []).map(daysAgo),
  }));
  mock.on(GetMetricDataCommand).resolves({ MetricDataResults: results });
}

test('asks for the successes of each kind, as far back as the longest period of PERIOD_DAYS', async () => {
  answers([1, 8], [20], []);
  expect(await readLastSuccesses(client, 'production', SUCCESS_METRICS, OVERDUE_AFTER_DAYS, NOW)).toEqual({
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

test.each<[string, LastSuccesses<DrillKind>, Date, number[]]>([
  [
    'all in time',
    { verification: daysAgo(7), pointInTime: daysAgo(30), full: daysAgo(90) },
    daysAgo(1000),
    [-1, -3, -5],
  ],
  ['one late', { verification: daysAgo(9), pointInTime: daysAgo(1), full: daysAgo(1) }, daysAgo(1000), [1, -32, -94]],
  ['a young server without any drill', NEVER, daysAgo(2), [-6, -31, -93]],
  ['an old server without any drill', NEVER, daysAgo(100), [92, 67, 5]],
])('overdue: %s', (_, last, created, days) =>
  expect(overdueDays(last, () => created, OVERDUE_AFTER_DAYS, NOW)).toEqual(days),
);

describe('in its hour of the day', () => {
  const inHour = new Date('2026-11-24T07:35:00Z');
  const clients = { cloudWatch: client, sfn: new SFNClient({ region: 'us-east-1' }) };
  const ask = (created: Date | undefined, now = inHour) => overdueDrills(clients, 'production', MACHINE, created, now);

  test('the inspector publishes how late each kind is, and in no other hour', async () => {
    answers([1], [1], [1]);
    expect(await ask(daysAgo(10))).toMatchObject({
      metric: 'drill_overdue_days',
      values: [expect.closeTo(-7.18, 1), expect.closeTo(-32.18, 1), expect.closeTo(-94.18, 1)],
    });
    expect(await ask(daysAgo(10), NOW)).toBeUndefined();
    expect(mock.commandCalls(GetMetricDataCommand)).toHaveLength(1);
  });

  const worst = async (created: Date) => Math.max(...((await ask(created)) as { values: readonly number[] }).values);

  test('drills that were switched on long after the server was created are due from then on', async () => {
    answers([], [], []);
    sfn.on(DescribeStateMachineCommand).resolves({ creationDate: new Date(inHour.getTime() - 2 * 86_400_000) });
    expect(await worst(daysAgo(400))).toBe(-6);
    sfn.on(DescribeStateMachineCommand).resolves({ creationDate: new Date(inHour.getTime() - 9 * 86_400_000) });
    expect(await worst(daysAgo(400))).toBe(1);
  });

  test('drills without a state machine, or with an older one than the server, are due from the server’s creation on', async () => {
    answers([], [], []);
    const created = new Date(inHour.getTime() - 3 * 86_400_000);
    expect(await worst(created)).toBe(-5);
    sfn.on(DescribeStateMachineCommand).rejects(new StateMachineDoesNotExist({ message: 'none', $metadata: {} }));
    expect(await worst(created)).toBe(-5);
  });

  test('a refusal of Step Functions is returned as a sentence', async () => {
    answers([], [], []);
    sfn.on(DescribeStateMachineCommand).rejects(new Error('denied'));
    expect(await ask(daysAgo(1))).toBe('restore drills: denied');
  });

  const PARTIAL = { MetricDataResults: [{ Id: 'verification', StatusCode: 'PartialData' as const }] };
  test.each<[string, () => void, Date | undefined, string]>([
    ['refuses', () => mock.on(GetMetricDataCommand).rejects(new Error('denied')), NOW, 'restore drills: denied'],
    [
      'answers in part',
      () => mock.on(GetMetricDataCommand).resolves(PARTIAL),
      NOW,
      'restore drills: CloudWatch does not say when verification last succeeded (PartialData; expected: Complete)',
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
