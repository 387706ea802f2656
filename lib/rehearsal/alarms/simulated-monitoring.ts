import { setTimeout as sleep } from 'node:timers/promises';
import type { MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_SOURCES } from '../../monitoring/sources/metric-sources';
import type { MetricSource } from '../../monitoring/sources/source';
import type { AlarmState, EvaluatedAlarm } from './alarm-evaluator';
import type { MeasuredMetric } from './alarm-proof';
import { LocalCloudWatch } from './local-cloudwatch';
import type { Pace } from './pace';

/**
 * Starts the deployed collector.
 * @param cloudWatch receives what it publishes
 * @param now CloudWatch's clock
 * @returns one collection
 */
export type StartCollector = (cloudWatch: LocalCloudWatch['client'], now: () => Date) => () => Promise<void>;

/** Start of CloudWatch's clock in every rehearsal, ms. */
const CLOCK_START = Date.UTC(2026, 0, 1);

/** The deployed collector and alarms, with a CloudWatch clock that runs ahead of this machine's. */
export class SimulatedMonitoring {
  private now = CLOCK_START;
  private readonly cloudWatch: LocalCloudWatch;
  private readonly collect: () => Promise<void>;
  /** False: the clock runs on, but the collector is not called. */
  collecting = true;

  constructor(
    private readonly alarms: readonly EvaluatedAlarm[],
    startCollector: StartCollector,
    private readonly pace: Pace,
  ) {
    this.cloudWatch = new LocalCloudWatch(alarms);
    const factor = pace.realSeconds === 0 ? 1 : pace.stepSeconds / pace.realSeconds;
    const client = scaleSeconds(this.cloudWatch.client, factor);
    this.collect = startCollector(client, () => new Date(this.now));
  }

  /** Seconds of CloudWatch's clock since the start. */
  get seconds(): number {
    return (this.now - CLOCK_START) / 1000;
  }

  /** Runs one collection, moves the clock by a step and evaluates the alarms. Returns every alarm's state. */
  async step(): Promise<Record<string, AlarmState>> {
    const started = Date.now();
    if (this.collecting) await this.collect();
    await sleep(Math.max(0, this.pace.realSeconds * 1000 - (Date.now() - started)));
    this.now += this.pace.stepSeconds * 1000;
    return this.cloudWatch.evaluate(this.now);
  }

  /** Takes steps until the alarms' states satisfy a condition, at most a number of them. */
  async stepUntil(
    isDone: (states: Record<string, AlarmState>) => boolean | Promise<boolean>,
    maxSteps: number,
  ): Promise<void> {
    for (let step = 0; step < maxSteps; step++) if (await isDone(await this.step())) return;
  }

  /** The states that an alarm has gone through. */
  transitions(alarm: string): AlarmState[] {
    return this.cloudWatch.transitions(alarm);
  }

  /** When it took each of them, seconds of CloudWatch's clock since the start. */
  changeSeconds(alarm: string): number[] {
    return this.cloudWatch.changeTimes(alarm).map((time) => (time - CLOCK_START) / 1000);
  }

  /** An alarm's threshold, and what it compared with it in each period, from `from` on; seconds of CloudWatch's clock since the start. */
  measured(name: string, from: number): MeasuredMetric | undefined {
    const alarm = this.alarms.find((each) => each.name === name);
    if (!alarm) return undefined;
    const values = this.cloudWatch.comparedValues(alarm, CLOCK_START + from * 1000, this.now);
    return {
      threshold: alarm.threshold,
      values: values.map(({ time, value }) => [(time - CLOCK_START) / 1000, value]),
    };
  }
}

const SOURCES: Readonly<Record<string, MetricSource>> = METRIC_SOURCES;

/** Multiplies the values of metrics whose unit is seconds. */
function scaleSeconds(client: LocalCloudWatch['client'], factor: number): LocalCloudWatch['client'] {
  const scaled = (datum: MetricDatum): MetricDatum => {
    if (SOURCES[datum.MetricName ?? '']?.unit !== 's') return datum;
    const times = (value: number) => value * factor;
    return {
      ...datum,
      ...(datum.Value === undefined ? {} : { Value: times(datum.Value) }),
      ...(datum.Values === undefined ? {} : { Values: datum.Values.map(times) }),
    };
  };
  return {
    send: (command: unknown) => {
      const { input } = command as PutMetricDataCommand;
      return client.send({ input: { ...input, MetricData: input.MetricData?.map(scaled) } } as never);
    },
  } as LocalCloudWatch['client'];
}
