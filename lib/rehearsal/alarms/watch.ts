import { setTimeout as sleep } from 'node:timers/promises';
import type { MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_SOURCES } from '../../monitoring/sources/metric-sources';
import type { MetricSource } from '../../monitoring/sources/source';
import type { AlarmState, EvaluatedAlarm } from './alarm-evaluator';
import { LocalCloudWatch } from './cloudwatch';

/** How the watch's clock goes. */
export interface Pace {
  /** Seconds of CloudWatch's clock that pass with each collection. */
  readonly stepSeconds: number;
  /**
   * Least real seconds between two collections. Where it is not 0, values in seconds are multiplied by stepSeconds ÷ realSeconds: the
   * servers' time runs with the alarms', only faster.
   */
  readonly realSeconds: number;
}

/** A collection a minute, as fast as the servers answer: for what does not depend on how long something lasts. */
export const QUICK: Pace = { stepSeconds: 60, realSeconds: 0 };
/** A minute a second: for ages and lags. */
export const MINUTE_A_SECOND: Pace = { stepSeconds: 60, realSeconds: 1 };
/** A collection an hour: for alarms that take a day. Alarms with shorter periods see gaps meanwhile. */
export const HOURLY: Pace = { stepSeconds: 3600, realSeconds: 0 };

/** Makes the deployed collector, publishing to `cloudWatch` by the clock given. */
export type StartCollector = (cloudWatch: LocalCloudWatch['client'], now: () => Date) => () => Promise<void>;

/** The deployed collector and alarms on a clock of their own. */
export class Watch {
  private now = Date.UTC(2026, 0, 1);
  private readonly cloudWatch: LocalCloudWatch;
  private readonly collect: () => Promise<void>;
  /** Switched off, the clock goes on without the collector. */
  collecting = true;

  constructor(
    alarms: readonly EvaluatedAlarm[],
    startCollector: StartCollector,
    private readonly pace: Pace,
  ) {
    this.cloudWatch = new LocalCloudWatch(alarms);
    const factor = pace.realSeconds === 0 ? 1 : pace.stepSeconds / pace.realSeconds;
    const client = scaleSeconds(this.cloudWatch.client, factor);
    this.collect = startCollector(client, () => new Date(this.now));
  }

  /** Seconds of CloudWatch's clock since the watch began. */
  get seconds(): number {
    return (this.now - Date.UTC(2026, 0, 1)) / 1000;
  }

  /** One collection, then the clock's step; returns every alarm's state after it. */
  async step(): Promise<Record<string, AlarmState>> {
    const started = Date.now();
    if (this.collecting) await this.collect();
    await sleep(Math.max(0, this.pace.realSeconds * 1000 - (Date.now() - started)));
    this.now += this.pace.stepSeconds * 1000;
    return this.cloudWatch.evaluate(this.now);
  }

  /** The states that an alarm has gone through. */
  transitions(alarm: string): AlarmState[] {
    return this.cloudWatch.transitions(alarm);
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
