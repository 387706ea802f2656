import type { CloudWatchClient, MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type AlarmState, evaluateAlarm, type EvaluatedAlarm, type Sample } from './alarm-evaluator';

/** Stands in for CloudWatch: keeps what is published, and evaluates alarms on it. */
export class LocalCloudWatch {
  private readonly series = new Map<string, Sample[]>();
  private readonly states = new Map<string, AlarmState[]>();

  /** In place of an SDK client. */
  readonly client = { send: (command: unknown) => this.receive(command) } as Pick<CloudWatchClient, 'send'>;

  constructor(private readonly alarms: readonly EvaluatedAlarm[]) {}

  /** Evaluates every alarm at a moment, in milliseconds; returns the states. */
  evaluate(now: number): Record<string, AlarmState> {
    for (const alarm of this.alarms) {
      const states = this.states.get(alarm.name) ?? [];
      const samples = this.series.get(seriesKey(alarm.namespace, alarm.metricName, alarm.dimensions)) ?? [];
      const next = evaluateAlarm(alarm, samples, now, states.at(-1) ?? 'INSUFFICIENT_DATA');
      if (states.at(-1) !== next) states.push(next);
      this.states.set(alarm.name, states);
    }
    return Object.fromEntries([...this.states].map(([name, states]) => [name, states.at(-1) ?? 'INSUFFICIENT_DATA']));
  }

  /** The states that an alarm went through, each once in a row. */
  transitions(alarmName: string): AlarmState[] {
    return [...(this.states.get(alarmName) ?? [])];
  }

  private receive(command: unknown): Promise<object> {
    // The function's bundle has a copy of the SDK of its own: its commands are known by what they carry.
    const { Namespace, MetricData } = (command as PutMetricDataCommand).input;
    if (!Namespace || !MetricData) return Promise.reject(new Error('the rehearsal knows PutMetricData only'));
    for (const datum of MetricData) this.keep(Namespace, datum);
    return Promise.resolve({});
  }

  private keep(namespace: string, { MetricName, Dimensions, Timestamp, Value }: MetricDatum): void {
    if (MetricName === undefined || Timestamp === undefined || Value === undefined) throw new Error('a datum without name, time or value');
    const dimensions = Object.fromEntries((Dimensions ?? []).map(({ Name = '', Value = '' }): [string, string] => [Name, Value]));
    const key = seriesKey(namespace, MetricName, dimensions);
    this.series.set(key, [...(this.series.get(key) ?? []), { time: Timestamp.getTime(), value: Value }]);
  }
}

function seriesKey(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([namespace, metric, Object.entries(dimensions).sort()]);
}
