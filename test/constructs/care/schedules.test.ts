import { careHour } from '../../../lib/config/derived/care-hour';
import { loadEnvironment } from '../../../lib/config';
import { JOB_CADENCE, scheduleName, SCHEDULED_JOBS } from '../../../lib/contract/care/jobs';
import { stackTemplates } from '../../support/synth';

const config = loadEnvironment('production');
const withWindow = (maintenanceWindow: string) => ({ database: { ...config.database, maintenanceWindow } });

test.each([
  ['sun:04:00-sun:05:00', 5],
  ['sun:04:30-sun:05:30', 9],
  ['mon:05:00-mon:09:30', 13],
  ['mon:23:30-tue:06:00', 9],
  ['sun:00:00-sun:23:59', 5],
])('with the maintenance window %s the jobs run at %d', (window, hour) =>
  expect(careHour(withWindow(window))).toBe(hour),
);

interface ScheduleProperties {
  readonly Name: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly Target: { readonly Input: string };
}

test('every job has a schedule of its own name, at its own minute, with its job as input', () => {
  const template = stackTemplates('production')['Monitoring'] as unknown as {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: ScheduleProperties }>>;
  };
  const schedules = Object.values(template.Resources)
    .filter(({ Type, Properties }) => Type === 'AWS::Scheduler::Schedule' && Properties.Name?.includes('-care-'))
    .map(({ Properties }) => Properties);
  expect(schedules.map(({ Name }) => Name).sort()).toEqual(
    SCHEDULED_JOBS.map((job) => scheduleName('production', job)).sort(),
  );
  const expressions = Object.fromEntries(
    schedules.map(({ Target, ScheduleExpression }) => [
      (JSON.parse(Target.Input) as { job: string }).job,
      ScheduleExpression,
    ]),
  );
  expect(expressions).toEqual({
    intents: 'cron(35 * * * ? *)',
    daily: 'cron(5 5 * * ? *)',
    weekly: 'cron(15 5 ? * MON *)',
    drift: 'cron(20 5 ? * MON *)',
    monthly: 'cron(25 5 4 * ? *)',
    quarterly: 'cron(45 5 5 1,4,7,10 ? *)',
  });
  expect(new Set(schedules.map(({ ScheduleExpressionTimezone }) => ScheduleExpressionTimezone))).toEqual(
    new Set(['Etc/UTC']),
  );
});

test('a job is overdue only after its longest period and one run that was left out', () => {
  const longest = { intents: 1, daily: 2, weekly: 7, drift: 7, monthly: 31, quarterly: 92 };
  for (const job of SCHEDULED_JOBS) expect(JOB_CADENCE[job].overdueAfterDays).toBeGreaterThan(longest[job]);
});
