import type { EvaluatedMetric } from '../../rehearsal/alarms/alarm-evaluator';
import { type MinuteSeries, minuteSeries } from '../../rehearsal/alarms/minutes/evaluate-minutes';
import type { ApplicationValues } from '../model/application';
import { type Span, WARM_UP } from '../model/clock';
import { emptySeries } from '../model/highest';
import { planOf } from '../model/plan';
import { Random } from '../model/random';
import { NORMAL } from '../model/servers';
import { serverOfMetric } from './watched';

/** Changes the values of a metric for a time. */
export interface Overlay {
  /** Name in CloudWatch; with a trailing `*`: every metric that begins so. */
  readonly metric: string;
  /** Default: every server. */
  readonly server?: string;
  /** Only what the alarm of this name reads. Default: every alarm. */
  readonly alarm?: string;
  /** Minutes of the span. */
  readonly from: number;
  readonly until: number;
  /** The value at a minute since `from`, in place of the normal one; NaN: none. */
  readonly value: (since: number, normal: number) => number;
}

/** Where the alarms get their values. */
export interface ModelledMetrics {
  readonly seed: number;
  /** With the warm-up. */
  readonly span: Span;
  /** Of the time after the warm-up. */
  readonly application: ApplicationValues;
  readonly overlays: readonly Overlay[];
}

/** The modelled series of metrics, each made once. */
export class ModelledSeries {
  private readonly known = new Map<string, Float64Array>();

  constructor(private readonly model: ModelledMetrics) {}

  /**
   * The series of a metric for an alarm.
   * @throws Error naming a metric that the model does not have: its alarm would be quiet without a reason
   */
  of(metric: EvaluatedMetric, alarm: string): MinuteSeries {
    const normal = this.normal(metric.metricName, serverOfMetric(metric));
    const changes = this.overlaysOf(metric, alarm);
    if (changes.length === 0) return minuteSeries(normal);
    const changed = normal.slice();
    for (const { from, until, value } of changes) {
      for (let i = from; i < Math.min(until, changed.length); i++) changed[i] = value(i - from, changed[i]!);
    }
    return minuteSeries(changed);
  }

  /** Whether the values of a metric for an alarm are changed by an overlay. */
  isChanged(metric: EvaluatedMetric, alarm: string): boolean {
    return this.overlaysOf(metric, alarm).length > 0;
  }

  private overlaysOf(metric: EvaluatedMetric, alarm: string): Overlay[] {
    const server = serverOfMetric(metric);
    return this.model.overlays.filter(
      (overlay) =>
        matches(overlay.metric, metric.metricName) &&
        (overlay.server ?? server) === server &&
        (overlay.alarm ?? alarm) === alarm,
    );
  }

  private normal(name: string, server: string | undefined): Float64Array {
    const key = `${name} ${server}`;
    const series = this.known.get(key) ?? this.make(name, server);
    this.known.set(key, series);
    return series;
  }

  private make(name: string, server: string | undefined): Float64Array {
    const { seed, span, application } = this.model;
    if (name in application) {
      const series = emptySeries(span.minutes);
      series.set(application[name as keyof ApplicationValues], WARM_UP);
      return series;
    }
    const normal = NORMAL[shortName(name)];
    if (!normal)
      throw new Error(
        `the model has no normal values of the metric ${name}, which an alarm reads; add them to lib/backtest/model/servers.ts`,
      );
    const random = new Random(seed, 3, ...Buffer.from(`${name}${server}`));
    return normal({ span, plan: planOf(seed, span), server, random });
  }
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : shortName(name) === pattern;
}

/** Names of log filters' metrics begin with the environment. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
