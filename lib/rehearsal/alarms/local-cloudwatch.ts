import type { CloudWatchClient, MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  type AlarmState,
  type ComparedValue,
  comparedValues,
  evaluateAlarm,
  type EvaluatedAlarm,
  type EvaluatedMetric,
  type Sample,
  sampleOf,
} from './alarm-evaluator';

/** Stands in for CloudWatch: keeps published metrics and evaluates alarms on them. */
export class LocalCloudWatch {
  private readonly series = new Map<string, Sample[]>();
  private readonly states = new Map<string, AlarmState[]>();
  private readonly changedAt = new Map<string, number[]>();

  /** Takes the place of an SDK client; accepts PutMetricData only. */
  readonly client = { send: (command: unknown) => Promise.resolve().then(() => this.receive(command)) } as Pick<
    CloudWatchClient,
    'send'
  >;

  constructor(private readonly alarms: readonly EvaluatedAlarm[]) {}

  /** Evaluates every alarm at `now` (milliseconds) and returns the states by alarm name. */
  evaluate(now: number): Record<string, AlarmState> {
    for (const alarm of this.alarms) {
      const states = this.states.get(alarm.name) ?? [];
      const next = evaluateAlarm(alarm, this.seriesOf(alarm), now, states.at(-1) ?? 'INSUFFICIENT_DATA');
      if (states.at(-1) !== next) {
        states.push(next);
        this.changedAt.set(alarm.name, [...(this.changedAt.get(alarm.name) ?? []), now]);
      }
      this.states.set(alarm.name, states);
    }
    return Object.fromEntries([...this.states].map(([name, states]) => [name, states.at(-1) ?? 'INSUFFICIENT_DATA']));
  }

  /** The states that an alarm went through, without repetitions in a row. */
  transitions(alarmName: string): AlarmState[] {
    return [...(this.states.get(alarmName) ?? [])];
  }

  /** When an alarm took each state of its transitions, ms. */
  changeTimes(alarmName: string): readonly number[] {
    return this.changedAt.get(alarmName) ?? [];
  }

  /** What an alarm compared with its threshold in each period from `from` until `now`, ms. */
  comparedValues(alarm: EvaluatedAlarm, from: number, now: number): ComparedValue[] {
    return comparedValues(alarm, this.seriesOf(alarm), from, now);
  }

  private seriesOf({ metrics }: EvaluatedAlarm): (readonly Sample[])[] {
    return metrics.map((metric) => this.series.get(seriesKey(metric)) ?? []);
  }

  private receive(command: unknown): object {
    // The bundle contains its own copy of the SDK, so that `instanceof` would fail: commands are recognized by their input.
    const { Namespace, MetricData } = (command as PutMetricDataCommand).input;
    if (!Namespace || !MetricData)
      throw new Error('CloudWatch was sent a command that is not PutMetricData; the rehearsal supports only this one');
    for (const datum of MetricData) this.keep(Namespace, datum);
    return {};
  }

  /** Publishes a value of a metric that only AWS publishes, in place of AWS. `metric` is one that an alarm reads. */
  replay(metric: Series, time: number, value: number): void {
    this.add(metric, [sampleOf(time, value)]);
  }

  private keep(namespace: string, datum: MetricDatum): void {
    const { MetricName, Dimensions = [], Timestamp } = datum;
    if (MetricName === undefined || Timestamp === undefined)
      throw new Error('a metric datum has no MetricName or no Timestamp');
    const dimensions = Object.fromEntries(
      Dimensions.map(({ Name = '', Value = '' }): [string, string] => [Name, Value]),
    );
    this.add({ namespace, metricName: MetricName, dimensions }, samplesOf(datum, Timestamp.getTime()));
  }

  private add(metric: Series, samples: readonly Sample[]): void {
    const key = seriesKey(metric);
    const kept = [...(this.series.get(key) ?? []), ...samples];
    kept.sort((one, other) => one.time - other.time);
    this.series.set(key, kept);
  }
}

type Series = Pick<EvaluatedMetric, 'namespace' | 'metricName' | 'dimensions'>;

/** Reads the three forms in which PutMetricData takes values: one value, many values with their counts, or their statistics. */
function samplesOf({ Value, Values, Counts, StatisticValues }: MetricDatum, time: number): Sample[] {
  if (Value !== undefined) return [sampleOf(time, Value)];
  if (Values !== undefined) {
    if (Counts !== undefined && Counts.length !== Values.length)
      throw new Error('a metric datum has other Counts than Values; there must be one count for each value');
    return Values.map((value, index) => sampleOf(time, value, Counts?.[index] ?? 1));
  }
  if (StatisticValues !== undefined) {
    const { Minimum = NaN, Maximum = NaN, Sum = NaN, SampleCount = NaN } = StatisticValues;
    return [{ time, minimum: Minimum, maximum: Maximum, sum: Sum, count: SampleCount }];
  }
  throw new Error('a metric datum has none of Value, Values and StatisticValues');
}

function seriesKey({ namespace, metricName, dimensions }: Series): string {
  return JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);
}
