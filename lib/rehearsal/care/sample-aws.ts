import type { CareClients } from '../../../lambda/care';

/** What the answers are about. */
export interface SampleFacts {
  readonly environment: string;
  /** Names of its alarms, and of those that fired. */
  readonly alarms: readonly string[];
  readonly fired: readonly string[];
  readonly now: () => Date;
}

/** What a function sent to services that keep what they get. */
export interface Sent {
  /** Names of the metrics that got a 1. */
  readonly metrics: string[];
  readonly notifications: { readonly subject: string; readonly text: string }[];
}

/** The input of a command of the SDK, as far as the answers depend on it. */
interface Input {
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  readonly MetricDataQueries?: readonly {
    readonly Id: string;
    readonly MetricStat: { readonly Metric: { readonly MetricName: string }; readonly Period: number };
  }[];
  readonly MetricData?: readonly { readonly MetricName: string }[];
  readonly Subject?: string;
  readonly Message?: string;
}

const DAY_MS = 86_400_000;
const GIB = 1024 ** 3;

/** Values of a quiet environment: of a metric, so many days before the end. What is not here is 0. */
const VALUES: Readonly<Record<string, (daysAgo: number) => number>> = {
  ReplicaLag: (daysAgo) => 0.2 + 0.1 * Math.cos(2 * Math.PI * daysAgo),
  FreeStorageSpace: (daysAgo) => (60 + 0.3 * daysAgo) * GIB,
  rds_allocated_storage_bytes: () => 100 * GIB,
  drill_recovery_time_seconds: () => 1860,
  drill_recovery_point_seconds: () => 62,
};
/** Metrics with one value, so many days ago. */
const ONCE: Readonly<Record<string, number>> = {
  drill_verification_successes: 3,
  drill_point_in_time_successes: 9,
  drill_full_successes: 40,
  drill_recovery_time_seconds: 3,
  drill_recovery_point_seconds: 3,
};

/**
 * Stands in for the services that the care function asks and sends to: sample answers of a quiet month, shaped like the SDK's, with the alarms
 * that fired in this rehearsal. Only AWS knows the true ones.
 */
export class SampleAws {
  readonly sent: Sent = { metrics: [], notifications: [] };

  constructor(private readonly facts: SampleFacts) {}

  /** A client of any service. The bundle contains its own copy of the SDK, so commands are recognized by their names. */
  client<Client>(): Client {
    const send = (command: { readonly input: Input }) =>
      Promise.resolve().then(() => this.answer(command.constructor.name, command.input));
    return { send } as Client;
  }

  /** The clients of the services that are only read. */
  get clients(): CareClients {
    return {
      cloudWatch: this.client(),
      backup: this.client(),
      secretsManager: this.client(),
      budgets: this.client(),
    };
  }

  private answer(command: string, input: Input): object {
    const answers: Readonly<Record<string, () => object>> = {
      GetMetricDataCommand: () => this.metricData(input),
      PutMetricDataCommand: () => {
        this.sent.metrics.push(...(input.MetricData ?? []).map(({ MetricName }) => MetricName));
        return {};
      },
      PublishCommand: () => {
        const { default: text } = JSON.parse(input.Message ?? '{}') as { readonly default: string };
        this.sent.notifications.push({ subject: input.Subject ?? '', text });
        return { MessageId: 'sample' };
      },
      DescribeAlarmHistoryCommand: () => ({
        AlarmHistoryItems: this.facts.fired.map((AlarmName) => ({
          AlarmName,
          Timestamp: this.daysAgo(0.2),
          HistorySummary: 'Alarm updated from OK to ALARM',
        })),
      }),
      DescribeAlarmsCommand: () => ({
        MetricAlarms: this.facts.alarms.map((AlarmName) => ({ AlarmName, StateValue: 'OK' })),
      }),
      ListBackupJobsCommand: () => ({
        BackupJobs: [{ BackupJobId: 'sample', State: 'COMPLETED', BackupSizeInBytes: 40 * GIB }],
      }),
      ListRestoreJobsCommand: () => ({
        RestoreJobs: [
          {
            RestoreJobId: 'sample',
            Status: 'COMPLETED',
            ValidationStatus: 'SUCCESSFUL',
            CreatedBy: { RestoreTestingPlanArn: 'arn:aws:backup:us-east-1:111111111111:restore-testing-plan:sample' },
          },
        ],
      }),
      DescribeSecretCommand: () => ({
        RotationEnabled: true,
        LastRotatedDate: this.daysAgo(12),
        NextRotationDate: this.daysAgo(-18),
      }),
      DescribeBudgetCommand: () => ({
        Budget: { BudgetLimit: { Amount: '2500' }, CalculatedSpend: { ForecastedSpend: { Amount: '1712.4' } } },
      }),
      DescribeBudgetPerformanceHistoryCommand: () => ({
        BudgetPerformanceHistory: {
          BudgetedAndActualAmountsList: [
            { ActualAmount: { Amount: '1695.12' }, TimePeriod: { Start: this.lastMonth() } },
          ],
        },
      }),
    };
    const answer = answers[command];
    if (!answer) throw new Error(`the rehearsal has no sample answer to ${command}; add it to lib/rehearsal/care`);
    return answer();
  }

  private metricData({ StartTime, EndTime, MetricDataQueries = [] }: Input): object {
    const [from, to] = [StartTime?.getTime() ?? 0, EndTime?.getTime() ?? 0];
    return {
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric, Period } }) => {
        const times = timesOf(Metric.MetricName, from, to, Period * 1000);
        const value = VALUES[Metric.MetricName] ?? (() => (Metric.MetricName in ONCE ? 1 : 0));
        return {
          Id,
          StatusCode: 'Complete',
          Timestamps: times.map((time) => new Date(time)),
          Values: times.map((time) => value((to - time) / DAY_MS)),
        };
      }),
    };
  }

  private daysAgo(days: number): Date {
    return new Date(this.facts.now().getTime() - days * DAY_MS);
  }

  private lastMonth(): Date {
    const now = this.facts.now();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  }
}

/** Beginnings of the periods in which a metric has values. */
function timesOf(metric: string, from: number, to: number, period: number): number[] {
  const daysAgo = ONCE[metric];
  const first = Math.ceil(from / period) * period;
  const all = Array.from({ length: Math.max(0, Math.floor((to - first) / period)) }, (_, i) => first + i * period);
  return daysAgo === undefined
    ? all
    : all.filter((time) => Math.floor((to - daysAgo * DAY_MS) / period) * period === time);
}
