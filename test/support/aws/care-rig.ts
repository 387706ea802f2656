import { BackupClient, ListBackupJobsCommand, ListRestoreJobsCommand } from '@aws-sdk/client-backup';
import { BudgetsClient, DescribeBudgetCommand, DescribeBudgetPerformanceHistoryCommand } from '@aws-sdk/client-budgets';
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { createHandler } from '../../../lambda/care';
import type { CareSettings } from '../../../lambda/care/env';
import { logger } from '../../../lambda/shared/logger';
import type { CareJob } from '../../../lib/contract/care/jobs';
import { METRIC_NAMESPACE } from '../../../lib/contract/metrics';

const NOW = new Date('2026-03-04T05:25:00Z');
export const GIB = 1024 ** 3;
export const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

export const cloudWatch = mockClient(CloudWatchClient);
export const backup = mockClient(BackupClient);
export const secretsManager = mockClient(SecretsManagerClient);
export const budgets = mockClient(BudgetsClient);
export const lambda = mockClient(LambdaClient);
export const sns = mockClient(SNSClient);

export const SETTINGS: CareSettings = {
  environment: 'test',
  region: 'us-east-1',
  databaseFunction: 'care-database',
  topic: 'arn:aws:sns:us-east-1:111111111111:info',
  servers: [
    { name: 'primary', instanceId: 'db-1', storageCeilingBytes: 200 * GIB },
    { name: 'replica-1', instanceId: 'db-2', storageCeilingBytes: 400 * GIB },
  ],
  // Sunday 04:00 to 05:00.
  maintenance: { startMinute: 6 * 1440 + 240, endMinute: 6 * 1440 + 300 },
  backedUp: 'arn:aws:rds:us-east-1:111111111111:db:db-1',
  rotation: { days: 30, secrets: [{ name: 'master', arn: 'arn:secret' }] },
  drills: true,
  budget: 'test-database',
  errors: [
    { namespace: METRIC_NAMESPACE, metric: 'refused', dimensions: { Environment: 'test' }, meaning: 'refused log-ins' },
  ],
};

/** Values of metrics in place of 0, for each period the same, or by days before NOW. */
let values: Readonly<Record<string, (daysAgo: number) => number | undefined>> = {};

export function setValues(changed: typeof values): void {
  values = changed;
}

/** Every service answers as for a quiet environment. */
export function resetCare(): void {
  for (const each of [cloudWatch, backup, secretsManager, budgets, lambda, sns]) each.reset();
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
  values = {};
  cloudWatch
    .on(GetMetricDataCommand)
    .callsFake(({ StartTime, EndTime, MetricDataQueries }: GetMetricDataCommandInput) => {
      const queries = MetricDataQueries as {
        Id: string;
        MetricStat: { Metric: { MetricName: string }; Period: number };
      }[];
      const [from, to] = [(StartTime as Date).getTime(), (EndTime as Date).getTime()];
      return {
        MetricDataResults: queries.map(({ Id, MetricStat: { Metric, Period } }) => {
          const times = Array.from(
            { length: Math.round((to - from) / 1000 / Period) },
            (_, i) => from + i * Period * 1000,
          );
          const found = times.flatMap((time) => {
            const value = (values[Metric.MetricName] ?? (() => 0))((to - time) / 86_400_000);
            return value === undefined ? [] : [{ time: new Date(time), value }];
          });
          return {
            Id,
            StatusCode: 'Complete',
            Timestamps: found.map(({ time }) => time),
            Values: found.map(({ value }) => value),
          };
        }),
      };
    });
  cloudWatch.on(PutMetricDataCommand).resolves({});
  cloudWatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'test-A', StateValue: 'OK' }] });
  backup.on(ListBackupJobsCommand).resolves({ BackupJobs: [{ State: 'COMPLETED', BackupSizeInBytes: GIB }] });
  backup.on(ListRestoreJobsCommand).resolves({ RestoreJobs: [] });
  secretsManager.on(DescribeSecretCommand).resolves({ RotationEnabled: true, LastRotatedDate: daysAgo(10) });
  budgets.on(DescribeBudgetCommand).resolves({
    Budget: {
      BudgetName: 'b',
      TimeUnit: 'MONTHLY',
      BudgetType: 'COST',
      BudgetLimit: { Amount: '100', Unit: 'USD' },
      CalculatedSpend: { ActualSpend: { Amount: '9', Unit: 'USD' }, ForecastedSpend: { Amount: '90', Unit: 'USD' } },
    },
  });
  budgets.on(DescribeBudgetPerformanceHistoryCommand).resolves({});
  answers([{ title: 'From the database', state: 'fine', lines: ['42'] }]);
}

export function answers(payload: unknown, FunctionError?: string): void {
  lambda.on(InvokeCommand).resolves({ FunctionError, Payload: Buffer.from(JSON.stringify(payload)) as never });
}

export function run(job: CareJob, changes: Partial<CareSettings> = {}, now = NOW): Promise<void> {
  return createHandler({
    settings: { ...SETTINGS, ...changes },
    clients: {
      cloudWatch: new CloudWatchClient({}),
      backup: new BackupClient({}),
      secretsManager: new SecretsManagerClient({}),
      budgets: new BudgetsClient({}),
    },
    lambda: new LambdaClient({}),
    sns: new SNSClient({}),
    now: () => now,
  })({ job });
}

/** The notification of the last run. */
export function sent(): { subject: string; text: string } {
  const { Subject = '', Message = '{}' } = sns.commandCalls(PublishCommand).at(-1)?.args[0].input ?? {};
  return { subject: Subject, text: (JSON.parse(Message) as { default: string }).default };
}

export function published(): string[] {
  return cloudWatch
    .commandCalls(PutMetricDataCommand)
    .flatMap(({ args }) => (args[0].input.MetricData ?? []).map(({ MetricName = '' }) => MetricName));
}
