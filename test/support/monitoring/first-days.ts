import type { GetMetricDataCommandInput, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type DBInstance, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SNSClient } from '@aws-sdk/client-sns';
import { createHandler } from '../../../lambda/inspector';
import { JOB_CADENCE, SCHEDULED_JOBS, type ScheduledJob } from '../../../lib/contract/care/jobs';
import type { DrillKind } from '../../../lib/contract/drill/kinds';
import { METRIC_SOURCES, type MetricName } from '../../../lib/monitoring/sources/metric-sources';
import {
  type AlarmState,
  evaluateAlarm,
  type EvaluatedAlarm,
  type EvaluatedMetric,
  isWarmingUp,
  type Sample,
  sampleOf,
} from '../../../lib/rehearsal/alarms/alarm-evaluator';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What happens after the alarms of a new environment were created, ms since 1970. Undefined: never. */
export interface Course {
  /** When the alarms are created. */
  readonly created: number;
  readonly firstCollectorPass: number | undefined;
  readonly firstInspectorPass: number | undefined;
  /** When the primary was created, and when RDS gives its first recovery point. */
  readonly serverCreated: number;
  readonly firstRecoveryPoint: number | undefined;
  /** When nightly backups complete. */
  readonly backups: readonly number[];
  /** When drills of each kind succeed. */
  readonly drills: Readonly<Record<DrillKind, readonly number[]>>;
  /** When somebody confirms the mail of the only topic. SNS deletes the subscription two days after `created` if that never happens. */
  readonly subscriptionConfirmed: number | undefined;
}

/** Values of an environment without customers; 0 where nothing else stands here, no value where undefined does. */
const VALUES: Readonly<Partial<Record<MetricName, number | undefined>>> = {
  collector_passes: 1,
  pg_up: 1,
  pg_replicas_connected: 2,
  pg_cache_hits: 1000,
  pg_server_uptime_seconds: 100_000,
  // Queries without rows: there are no salons, no messages and no size of yesterday.
  booking_conflicts_conflict_count: undefined,
  failed_messages_failed_ratio: undefined,
  ai_response_time_avg_response_time_ms: undefined,
  ai_token_usage_unusual_tokens: undefined,
  ai_cost_usual_hour: undefined,
  webhook_errors_error_count: undefined,
  silent_salons_is_new: undefined,
  backup_size_growth_ratio: undefined,
  // Published by AWS.
  aws_rds_free_storage_space_minimum: 95 * 2 ** 30,
  aws_rds_cpuutilization_average: 5,
  aws_rds_freeable_memory_minimum: 8 * 2 ** 30,
  aws_rds_dbload_average: undefined,
  aws_rds_maximum_used_transaction_ids_average: 1000,
  aws_rds_ebsbyte_balance_percent_average: 99,
  aws_rds_ebsiobalance_percent_average: 99,
};

/** Metrics that AWS publishes only when something happens. */
const ONLY_EVENTS = ['AWS/Backup', 'AWS/States', 'AWS/Events', 'AWS/Lambda', 'AWS/SNS'];

type MetricKey = Pick<EvaluatedMetric, 'namespace' | 'metricName' | 'dimensions'>;

/** Stands in for CloudWatch, RDS and Step Functions while the first days of an environment pass. */
export class FirstDays {
  /** Each time at which an alarm went into ALARM, by the alarm's name. */
  readonly fired = new Map<string, number>();
  private readonly series = new Map<string, Sample[]>();
  private readonly states = new Map<string, AlarmState>();
  /** The series that each alarm reads. */
  private readonly read: readonly (readonly [EvaluatedAlarm, Sample[][]])[];
  private readonly steady: ReturnType<FirstDays['steadyValues']>;
  private readonly inspect: () => Promise<void>;
  private now: number;

  constructor(
    private readonly alarms: readonly EvaluatedAlarm[],
    private readonly course: Course,
  ) {
    this.now = course.created;
    this.read = alarms.map((alarm) => [alarm, alarm.metrics.map((metric) => this.seriesOf(metric))]);
    this.steady = this.steadyValues();
    this.inspect = createHandler({
      settings: {
        environment: 'production',
        region: 'us-east-1',
        servers: ['primary', 'replica-1', 'replica-2'].map((name) => ({ name, instanceId: name })),
        drills: 'the-machine',
        topics: [{ arn: 'arn:aws:sns:us-east-1:111111111111:info', subscriptions: 1 }],
      },
      // A client, because the SDK's paginators take nothing else; the stand-in for clients slows down with every call that it keeps.
      rds: Object.assign(new RDSClient({ region: 'us-east-1' }), {
        send: (command: object) => Promise.resolve(this.answerOfRds(command)),
      }),
      sfn: { send: () => Promise.resolve({ creationDate: new Date(course.created) }) } as unknown as SFNClient,
      scheduler: {
        send: () => Promise.resolve({ CreationDate: new Date(course.created) }),
      } as unknown as SchedulerClient,
      cloudWatch: {
        send: (command: PutMetricDataCommand) => Promise.resolve(this.answerOfCloudWatch(command)),
      } as never,
      sns: () => ({ send: () => Promise.resolve(this.answerOfSns()) }) as unknown as SNSClient,
      now: () => new Date(this.now),
    });
  }

  /**
   * Lets time pass: collector and inspector at every tick of theirs, and an evaluation of all alarms at every step.
   * @param tickMinutes time between two passes of the collector; the inspector passes at most every five minutes
   */
  async run(until: number, stepMinutes: number, tickMinutes = 1): Promise<void> {
    const { firstInspectorPass, backups } = this.course;
    for (; this.now < until; this.now += tickMinutes * MINUTE) {
      this.collect();
      if (firstInspectorPass !== undefined && this.now >= firstInspectorPass && this.now % (5 * MINUTE) === 0)
        await this.inspect();
      if (backups.includes(this.now)) this.publish(this.metrics('aws_backup_number_of_backup_jobs_completed_sum'), 1);
      if ((this.now - this.course.created) % (stepMinutes * MINUTE) === 0) this.evaluate();
    }
  }

  private evaluate(): void {
    for (const [alarm, series] of this.read) {
      const current = this.states.get(alarm.name) ?? 'INSUFFICIENT_DATA';
      const next = isWarmingUp(alarm, series, this.course.created, this.now)
        ? current
        : evaluateAlarm(alarm, series, this.now, current);
      if (next === 'ALARM' && current !== 'ALARM' && !this.fired.has(alarm.name)) this.fired.set(alarm.name, this.now);
      this.states.set(alarm.name, next);
    }
  }

  private collect(): void {
    const { firstCollectorPass } = this.course;
    const collects = firstCollectorPass !== undefined && this.now >= firstCollectorPass;
    for (const { series, value, isCollected } of this.steady)
      if (collects || !isCollected) for (const samples of series) samples.push(sampleOf(this.now, value));
  }

  /** What collector and AWS publish all the time, as far as alarms read it. */
  private steadyValues(): { series: Sample[][]; value: number; isCollected: boolean }[] {
    return Object.entries(METRIC_SOURCES).flatMap(([name, source]) => {
      const value = name in VALUES ? VALUES[name as MetricName] : 0;
      const isCollected = source.from === 'collector';
      const isVended = source.from === 'vended' && !ONLY_EVENTS.includes(source.namespace);
      const metrics = this.metrics(name);
      return value !== undefined && (isCollected || isVended) && metrics.length > 0
        ? [{ series: metrics.map((metric) => this.seriesOf(metric)), value, isCollected }]
        : [];
    });
  }

  /** The series of a source that alarms read. */
  private metrics(name: string): EvaluatedMetric[] {
    const { metricName } = { metricName: name, ...METRIC_SOURCES[name as MetricName] } as { metricName: string };
    const read = this.alarms.flatMap(({ metrics }) => metrics).filter((metric) => metric.metricName === metricName);
    return [...new Map(read.map((metric) => [keyOf(metric), metric])).values()];
  }

  private publish(metrics: readonly MetricKey[], value: number): void {
    for (const metric of metrics) this.seriesOf(metric).push(sampleOf(this.now, value));
  }

  /** What was published of a metric so far; the same array each time. */
  private seriesOf(metric: MetricKey): Sample[] {
    const key = keyOf(metric);
    const found = this.series.get(key) ?? [];
    this.series.set(key, found);
    return found;
  }

  private answerOfCloudWatch({ input }: PutMetricDataCommand): object {
    if ('MetricDataQueries' in input) {
      const { drills } = this.course;
      const successes: Readonly<Record<string, readonly number[]>> = { ...drills, ...this.jobs };
      return {
        MetricDataResults: (input as unknown as GetMetricDataCommandInput).MetricDataQueries?.map(({ Id = '' }) => ({
          Id,
          StatusCode: 'Complete',
          Timestamps: successes[Id]?.filter((at) => at <= this.now)
            .slice(-1)
            .map((at) => new Date(at)),
        })),
      };
    }
    for (const { MetricName = '', Dimensions = [], Values = [] } of input.MetricData ?? []) {
      const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
      for (const value of Values) {
        this.publish([{ namespace: input.Namespace ?? '', metricName: MetricName, dimensions }], value);
      }
    }
    return {};
  }

  /** When each job succeeds: for the first time a period after the deployment, which is the latest that its calendar allows. */
  private get jobs(): Readonly<Record<ScheduledJob, readonly number[]>> {
    return Object.fromEntries(
      SCHEDULED_JOBS.map((job) => {
        const period = (365 * DAY) / 12 / JOB_CADENCE[job].runsPerMonth;
        const runs = Math.floor((this.now - this.course.created) / period);
        return [job, runs > 0 ? [this.course.created + runs * period] : []];
      }),
    ) as Record<ScheduledJob, number[]>;
  }

  private answerOfSns(): object {
    const { created, subscriptionConfirmed } = this.course;
    const confirmed = subscriptionConfirmed !== undefined && this.now >= subscriptionConfirmed;
    const waits = !confirmed && this.now < created + 2 * DAY;
    return {
      Attributes: { SubscriptionsConfirmed: String(Number(confirmed)), SubscriptionsPending: String(Number(waits)) },
    };
  }

  private answerOfRds(command: object): object {
    if (!(command instanceof DescribeDBInstancesCommand)) return { PendingMaintenanceActions: [] };
    const { serverCreated, firstRecoveryPoint } = this.course;
    const isRestorable = firstRecoveryPoint !== undefined && this.now >= firstRecoveryPoint;
    const instance: DBInstance = {
      DBInstanceArn: 'arn:aws:rds:us-east-1:111111111111:db:x',
      AllocatedStorage: 100,
      EngineVersion: '15.17',
      BackupRetentionPeriod: 35,
      InstanceCreateTime: new Date(serverCreated),
      ...(isRestorable && { LatestRestorableTime: new Date(this.now - 4 * MINUTE) }),
      CertificateDetails: { ValidTill: new Date(this.now + 1000 * DAY) },
    };
    return { DBInstances: [instance] };
  }
}

function keyOf({ namespace, metricName, dimensions }: MetricKey) {
  return JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);
}
