import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { overdueJobs } from '../../../lambda/inspector/jobs';

const NOW = new Date('2026-11-24T07:30:00Z');
const NOON = new Date('2026-11-24T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const cloudWatch = mockClient(CloudWatchClient);
const scheduler = mockClient(SchedulerClient);
const JOBS = ['intents', 'daily', 'weekly', 'monthly', 'quarterly', 'drift'];

beforeEach(() => {
  cloudWatch.reset();
  scheduler.reset();
});

/** Sets when all jobs succeeded last; undefined: never. */
function succeeded(days: number | undefined): void {
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: JOBS.map((Id) => ({
      Id,
      StatusCode: 'Complete',
      Timestamps: days === undefined ? [] : [daysAgo(days)],
    })),
  });
}

function ask(created: Date | undefined = daysAgo(100), now = NOW) {
  const clients = {
    cloudWatch: new CloudWatchClient({ region: 'us-east-1' }),
    scheduler: new SchedulerClient({ region: 'us-east-1' }),
  };
  return overdueJobs(clients, 'test', created, now);
}

/** How late each job is when all last ran, or began, so many days ago. */
function late(days: number): object {
  return { metric: 'care_overdue_days', values: [1.5, 2.5, 8, 33, 95, 8].map((after) => days - after) };
}

test('says once a day how late each job is', async () => {
  succeeded(3);
  expect(await ask()).toEqual(late(3));
  expect(await ask(daysAgo(100), NOON)).toBeUndefined();
  const { MetricDataQueries, StartTime } = cloudWatch.commandCalls(GetMetricDataCommand)[0]!.args[0].input;
  expect(MetricDataQueries?.map(({ MetricStat }) => MetricStat?.Metric?.MetricName)).toEqual(
    JOBS.map((job) => `care_${job}_successes`),
  );
  expect(StartTime).toEqual(daysAgo(95));
  expect(scheduler.commandCalls(GetScheduleCommand)).toEqual([]);
});

test('a job that never succeeded is due since its schedule exists', async () => {
  succeeded(undefined);
  scheduler.on(GetScheduleCommand).resolves({ CreationDate: daysAgo(1) });
  expect(await ask()).toEqual(late(1));
  expect(scheduler.commandCalls(GetScheduleCommand).map(({ args }) => args[0].input)).toEqual(
    JOBS.map((job) => ({ Name: `test-care-${job}` })),
  );
});

test('without a schedule it is due since the server exists', async () => {
  succeeded(undefined);
  scheduler
    .on(GetScheduleCommand)
    .rejects(new ResourceNotFoundException({ message: 'none', Message: 'none', $metadata: {} }));
  expect(await ask()).toEqual(late(100));
  expect(
    await overdueJobs(
      { cloudWatch: new CloudWatchClient({}), scheduler: new SchedulerClient({}) },
      'test',
      undefined,
      NOW,
    ),
  ).toBe('RDS does not give InstanceCreateTime of the primary, from which the job intents is due');
});

test('what cannot be known is a sentence', async () => {
  succeeded(undefined);
  scheduler.on(GetScheduleCommand).rejects(new Error('denied'));
  expect(await ask()).toBe('jobs of care: denied');
  cloudWatch.on(GetMetricDataCommand).resolves({});
  expect(await ask()).toBe(
    'jobs of care: CloudWatch does not say when intents last succeeded (no answer; expected: Complete)',
  );
});
