import { PublishCommand } from '@aws-sdk/client-sns';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ListBackupJobsCommand } from '@aws-sdk/client-backup';
import { isInWindow } from '../../../lambda/care/maintenance';
import type { CareJob } from '../../../lib/contract/care/jobs';
import {
  answers,
  backup,
  budgets,
  lambda,
  published,
  resetCare,
  run,
  secretsManager,
  sent,
  setValues,
  SETTINGS,
  sns,
} from '../../support/aws/care-rig';

beforeEach(resetCare);

test.each<[CareJob, string[]]>([
  ['daily', ['From the database', 'Replication lag', 'Backups', 'Alarms that fired', 'Errors']],
  ['weekly', ['From the database', 'Days until the disks are full', 'Alarms that fired, and that never do']],
  ['monthly', ['From the database', 'Rotation of the passwords', 'Restores', 'Cost against the budget']],
  ['quarterly', ['From the database', 'Full restore drill']],
])('%s asks for all its parts, sends one notification, and publishes its success', async (job, titles) => {
  setValues({
    drill_verification_successes: (days) => (Math.round(days) === 3 ? 1 : undefined),
    drill_full_successes: (days) => (Math.round(days * 24) === 480 ? 1 : undefined),
  });
  await run(job);
  expect(lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input)).toEqual([
    { FunctionName: 'care-database', Payload: JSON.stringify({ job }) },
  ]);
  const { subject, text } = sent();
  expect(subject).toMatch(/(digest|review) of test: nothing to do$/);
  expect([...text.matchAll(/^ok {2}(.*)$/gm)].map(([, title]) => title)).toEqual(titles);
  expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
  expect(published()).toEqual([`care_${job}_successes`]);
});

test('an environment without replicas, backups, drills, rotation and budget is not asked about them', async () => {
  const bare = {
    servers: SETTINGS.servers.slice(0, 1),
    backedUp: undefined,
    drills: false,
    rotation: undefined,
    budget: undefined,
  };
  for (const job of ['daily', 'monthly', 'quarterly'] as const) await run(job, bare);
  expect(backup.calls()).toHaveLength(0);
  expect(secretsManager.calls()).toHaveLength(0);
  expect(budgets.calls()).toHaveLength(0);
  expect(published()).toHaveLength(3);
});

test.each([
  ['2026-03-04T05:35:00Z', []],
  ['2026-03-04T06:35:00Z', ['care_intents_successes']],
])('the hourly job at %s sends no notification and publishes %j', async (now, metrics) => {
  await run('intents', {}, new Date(now));
  expect(sns.calls()).toHaveLength(0);
  expect(published()).toEqual(metrics);
});

test('in the maintenance window nothing runs', async () => {
  await run('daily', {}, new Date('2026-03-08T04:30:00Z'));
  expect(lambda.calls()).toHaveLength(0);
  expect(published()).toEqual([]);
});

test.each<[string, boolean]>([
  ['2026-03-08T03:59:00Z', false],
  ['2026-03-08T04:00:00Z', true],
  ['2026-03-08T05:00:00Z', false],
  ['2026-03-07T04:30:00Z', false],
])('at %s the window from Sunday 04:00 to 05:00 is open: %s', (now, open) =>
  expect(isInWindow(new Date(now), SETTINGS.maintenance)).toBe(open),
);

test('a window from Sunday 23:30 to Monday 00:30 is open on both days', () => {
  const window = { startMinute: 6 * 1440 + 1410, endMinute: 7 * 1440 + 30 };
  const open = ['2026-03-08T23:29Z', '2026-03-08T23:30Z', '2026-03-09T00:29Z', '2026-03-09T00:30Z'];
  expect(open.map((now) => isInWindow(new Date(now), window))).toEqual([false, true, true, false]);
});

test('what fails is in the notification, first, and the run fails without a success', async () => {
  backup.on(ListBackupJobsCommand).rejects(Object.assign(new Error('no right'), { name: 'AccessDeniedException' }));
  await expect(run('daily')).rejects.toThrow('failed: Backups (AccessDeniedException: no right)');
  expect(sent().subject).toBe('Daily digest of test: 1 of 5 not found out');
  expect(sent().text.split('\n')[0]).toBe('FAILED  Backups');
  expect(published()).toEqual([]);
});

test('the function inside the VPC fails: AWS is asked all the same', async () => {
  answers({ errorType: 'Error', errorMessage: 'Task timed out after 720.00 seconds' }, 'Unhandled');
  await expect(run('weekly')).rejects.toThrow('Work on the database (Error: care-database failed: Task timed out');
  expect(sent().text).toContain('ok  Days until the disks are full');
});

test('an unknown job is refused', async () => {
  await expect(run('hourly' as CareJob)).rejects.toThrow(
    '"hourly" is no job; allowed: intents, daily, weekly, monthly, quarterly',
  );
});
