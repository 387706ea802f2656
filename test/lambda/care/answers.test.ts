import { ListBackupJobsCommand } from '@aws-sdk/client-backup';
import { DescribeBudgetPerformanceHistoryCommand } from '@aws-sdk/client-budgets';
import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { CareJob } from '../../../lib/contract/care/jobs';
import {
  backup,
  budgets,
  cloudWatch,
  daysAgo,
  GIB,
  resetCare,
  run,
  secretsManager,
  sent,
  setValues,
} from '../../support/aws/care-rig';

beforeEach(resetCare);

test.each<[string, CareJob, () => void, RegExp]>([
  [
    'a replica an hour behind',
    'daily',
    () => setValues({ ReplicaLag: (days) => (days < 0.5 ? 9 : 1) }),
    /LOOK {2}Replication lag\n {4}replica-1: at most 9\.0 s, in the hour from .* over 5 s in 11 hours/,
  ],
  [
    'a replica without values',
    'daily',
    () => setValues({ ReplicaLag: () => undefined }),
    /LOOK {2}Replication lag\n {4}replica-1: CloudWatch has no value/,
  ],
  [
    'a backup that failed',
    'daily',
    () =>
      backup.on(ListBackupJobsCommand).resolves({
        BackupJobs: [{ State: 'COMPLETED' }, { BackupJobId: 'j', State: 'FAILED', StatusMessage: 'no role' }],
      }),
    /LOOK {2}Backups\n {4}1 completed in 26 h\n {4}j: FAILED, no role/,
  ],
  [
    'no backup',
    'daily',
    () => backup.on(ListBackupJobsCommand).resolves({ BackupJobs: [] }),
    /LOOK {2}Backups\n {4}0 completed in 26 h/,
  ],
  [
    'log-ins that were refused',
    'daily',
    () => setValues({ refused: () => 2 }),
    /LOOK {2}Errors\n {4}refused log-ins: 48 in 24 h/,
  ],
  [
    'a disk that is full in two months',
    'weekly',
    () => {
      setValues({ FreeStorageSpace: (days) => (10 + 2 * days) * GIB, rds_allocated_storage_bytes: () => 100 * GIB });
    },
    /LOOK {2}Days until.*\n {4}primary: 88\.0 GiB of at most 200\.0 GiB, 2\.0 GiB more each day: full in 56 days.*\n {4}replica-1: 88\.0 GiB of at most 400\.0 GiB, .* full in 156 days/,
  ],
  [
    'a rotation that is late',
    'monthly',
    () => secretsManager.on(DescribeSecretCommand).resolves({ RotationEnabled: true, LastRotatedDate: daysAgo(40) }),
    /LOOK {2}Rotation.*\n {4}master: last rotated 2026-01-23; it is to be every 30 days/,
  ],
  [
    'a rotation that is off',
    'monthly',
    () => secretsManager.on(DescribeSecretCommand).resolves({}),
    /LOOK {2}Rotation.*\n {4}master: its rotation is switched off/,
  ],
  [
    'a month without a drill',
    'monthly',
    () => setValues({ drill_verification_successes: () => undefined }),
    /LOOK {2}Restores\n {4}no drill succeeded in 31 days/,
  ],
  [
    'a quarter without a full drill',
    'quarterly',
    () => setValues({ drill_full_successes: () => undefined }),
    /LOOK {2}Full restore drill\n {4}none succeeded in 95 days/,
  ],
  [
    'a month that cost too much',
    'monthly',
    () =>
      budgets.on(DescribeBudgetPerformanceHistoryCommand).resolves({
        BudgetPerformanceHistory: {
          BudgetedAndActualAmountsList: [
            {
              ActualAmount: { Amount: '120.5', Unit: 'USD' },
              TimePeriod: { Start: new Date('2026-02-01T00:00:00Z') },
            },
          ],
        },
      }),
    /LOOK {2}Cost.*\n {4}2026-02: \$120\.50 of \$100\.00\n {4}This month: \$90\.00 forecast/,
  ],
])('%s is to be looked at', async (_, job, provoke, text) => {
  provoke();
  await run(job);
  expect(sent().text).toMatch(text);
});

test('a backup that still runs at the digest is fine: the next one sees how it ended', async () => {
  backup.on(ListBackupJobsCommand).resolves({ BackupJobs: [{ State: 'RUNNING' }] });
  await run('daily');
  expect(sent().text).toMatch(/ok {2}Backups\n {4}0 completed in 26 h; 1 not ended/);
});

test('alarms that fired are counted, those of other environments are not, and the silent ones are named by number', async () => {
  const item = (AlarmName: string, days: number, summary = 'Alarm updated from OK to ALARM') => ({
    AlarmName,
    Timestamp: daysAgo(days),
    HistorySummary: summary,
  });
  cloudWatch
    .on(DescribeAlarmHistoryCommand)
    .resolves({ AlarmHistoryItems: [item('test-A', 1), item('other-A', 1)], NextToken: '2' });
  cloudWatch.on(DescribeAlarmHistoryCommand, { NextToken: '2' }).resolves({
    AlarmHistoryItems: [item('test-A', 2), item('test-B', 20), item('test-C', 1, 'Alarm updated from ALARM to OK')],
  });
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: ['test-A', 'test-B', 'test-C'].map((AlarmName) => ({ AlarmName, StateValue: 'OK' as const })),
    CompositeAlarms: [{ AlarmName: 'test-page', StateValue: 'INSUFFICIENT_DATA' }],
  });
  await run('weekly');
  expect(sent().text).toContain(
    [
      'LOOK  Alarms that fired, and that never do',
      '    test-A: 2 times in 7 days',
      '    test-page has no data (INSUFFICIENT_DATA)',
      '    2 of 4 did not fire in the 30 days that CloudWatch remembers; the rehearsal shows that each can',
    ].join('\n'),
  );
});

test('an incomplete answer of CloudWatch is no answer', async () => {
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 's0', StatusCode: 'PartialData' }] });
  await expect(run('weekly')).rejects.toThrow(
    'CloudWatch gives no complete answer about FreeStorageSpace, rds_allocated_storage_bytes',
  );
});
