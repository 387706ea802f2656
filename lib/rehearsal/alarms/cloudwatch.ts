import type { CloudWatchClient, MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  type AlarmState,
  evaluateAlarm,
  type EvaluatedAlarm,
  type EvaluatedMetric,
  type Sample,
  sampleOf,
} from './alarm-evaluator';

/** Stands in for CloudWatch: keeps what is published, and evaluates alarms on it. */
export class LocalCloudWatch {
  private readonly series = new Map<string, Sample[]>();
  private readonly states = new Map<string, AlarmState[]>();

  /** In place of an SDK client. */
  readonly client = { send: (command: unknown) => Promise.resolve().then(() => this.receive(command)) } as Pick<
    CloudWatchClient,
    'send'
  >;

  constructor(private readonly alarms: readonly EvaluatedAlarm[]) {}

  /** Evaluates every alarm at a moment, in milliseconds; returns the states. */
  evaluate(now: number): Record<string, AlarmState> {
    for (const alarm of this.alarms) {
      const states = this.states.get(alarm.name) ?? [];
      const series = alarm.metrics.map((metric) => this.series.get(seriesKey(metric)) ?? []);
      const next = evaluateAlarm(alarm, series, now, states.at(-1) ?? 'INSUFFICIENT_DATA');
      if (states.at(-1) !== next) states.push(next);
      this.states.set(alarm.name, states);
    }
    return Object.fromEntries([...this.states].map(([name, states]) => [name, states.at(-1) ?? 'INSUFFICIENT_DATA']));
  }

  /** The states that an alarm went through, each once in a row. */
  transitions(alarmName: string): AlarmState[] {
    return [...(this.states.get(alarmName) ?? [])];
  }

  private receive(command: unknown): object {
    // The function's bundle has a copy of the SDK of its own: its commands are known by what they carry.
    const { Namespace, MetricData } = (command as PutMetricDataCommand).input;
    if (!Namespace || !MetricData) throw new Error('the rehearsal knows PutMetricData only');
    for (const datum of MetricData) this.keep(Namespace, datum);
    return {};
  }

  /** A value of a metric that only AWS publishes, in place of AWS. Its series is the one that an alarm reads. */
  replay(metric: Series, time: number, value: number): void {
    this.add(metric, [sampleOf(time, value)]);
  }

  private keep(namespace: string, datum: MetricDatum): void {
    const { MetricName, Dimensions = [], Timestamp } = datum;
    if (MetricName === undefined || Timestamp === undefined) throw new Error('a datum without name or time');
    const dimensions = Object.fromEntries(
      Dimensions.map(({ Name = '', Value = '' }): [string, string] => [Name, Value]),
    );
    this.add({ namespace, metricName: MetricName, dimensions }, samplesOf(datum, Timestamp.getTime()));
  }

  private add(metric: Series, samples: readonly Sample[]): void {
    const key = seriesKey(metric);
    const kept = [...(this.series.get(key) ?? []), ...samples];
    this.series.set(key, kept.sort((one, other) => one.time - other.time)); // prettier-ignore
  }
}

type Series = Pick<EvaluatedMetric, 'namespace' | 'metricName' | 'dimensions'>;

/** The three ways in which PutMetricData takes values: one, many with how often each, or their statistics. */
function samplesOf({ Value, Values, Counts, StatisticValues }: MetricDatum, time: number): Sample[] {
  if (Value !== undefined) return [sampleOf(time, Value)];
  if (Values !== undefined) {
    if (Counts !== undefined && Counts.length !== Values.length)
      throw new Error('a datum with other Counts than Values');
    return Values.map((value, index) => sampleOf(time, value, Counts?.[index] ?? 1));
  }
  if (StatisticValues !== undefined) {
    const { Minimum = NaN, Maximum = NaN, Sum = NaN, SampleCount = NaN } = StatisticValues;
    return [{ time, minimum: Minimum, maximum: Maximum, sum: Sum, count: SampleCount }];
  }
  throw new Error('a datum without a value');
}

function seriesKey({ namespace, metricName, dimensions }: Series): string {
  return JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);
}
