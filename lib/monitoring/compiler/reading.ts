import type { LogSource, MetricSource, PublishedSource, Statistic, VendedSource } from '../sources/source';
import type { Decision } from './decision';
import type { RangeFunction, Reading } from './expression';
import { Untranslatable } from './untranslatable';

/** A source that CloudWatch keeps series of. */
export type SeriesSource = PublishedSource | VendedSource | LogSource;

/** How an alarm reads a metric. */
export interface ReadingPlan {
  readonly statistic: Statistic;
  /** The statistic is divided by this: a rate is the growth in its range divided by the range's seconds. */
  readonly divisor: number;
}

/** Which values of a reading make its alert fire. */
export type Bad = 'high' | 'low';

const OVER_EXTREME = { avg_over_time: 'Average', min_over_time: 'Minimum', max_over_time: 'Maximum' } as const;

/**
 * The source of a metric.
 * @throws Untranslatable where nothing publishes it
 */
export function sourceOf(metric: string, sources: Readonly<Record<string, MetricSource>>): MetricSource {
  const source = Object.hasOwn(sources, metric) ? sources[metric] : undefined;
  if (source) return source;
  const near = nearest(metric, Object.keys(sources));
  throw new Untranslatable(
    `nothing publishes the metric ${metric}; allowed: a name in lib/monitoring/sources, such as ${near.join(', ')}`,
  );
}

/**
 * The statistic that gives what the PromQL means.
 * @param bad of several values in one series the worst counts: the highest where high values are bad
 * @throws Untranslatable where PromQL asks for something that the metric cannot give
 */
export function planReading(reading: Reading, source: SeriesSource, bad: Bad): Decision<ReadingPlan> {
  if (source.from === 'vended' || source.from === 'log') return plain(planForeign(reading, source));
  switch (source.kind) {
    case 'counter':
      return plain(planCounter(reading));
    case 'fingerprint':
      if (reading.over?.function !== 'changes') {
        throw new Untranslatable(
          `${reading.metric} is a fingerprint, whose value means nothing by itself; allowed: changes(${reading.metric}[10m]) > 0`,
        );
      }
      return plain({ statistic: 'Sum', divisor: 1 });
    case 'gauge':
      return planGauge(reading, source, bad);
  }
}

function plain(value: ReadingPlan): Decision<ReadingPlan> {
  return { value, notes: [] };
}

function planCounter({ metric, over }: Reading): ReadingPlan {
  if (over?.function === 'increase') return { statistic: 'Sum', divisor: 1 };
  if (over?.function === 'rate') return { statistic: 'Sum', divisor: over.seconds };
  throw new Untranslatable(
    `${metric} is a counter, which only grows; allowed: increase(${metric}[5m]) or rate(${metric}[5m])`,
  );
}

function planGauge(reading: Reading, source: PublishedSource, bad: Bad): Decision<ReadingPlan> {
  const { metric, over, aggregate } = reading;
  if (aggregate) {
    const statistic = aggregated(reading, source, bad);
    const note = '`for` counts the worst row of each minute, which may be a different row each time';
    return { value: { statistic, divisor: 1 }, notes: aggregate.by.length > 0 ? [note] : [] };
  }
  if (!over) return plain({ statistic: bad === 'high' ? 'Maximum' : 'Minimum', divisor: 1 });
  refuseGaugeFunction(metric, over.function);
  const statistic = OVER_EXTREME[over.function as keyof typeof OVER_EXTREME];
  const worst = bad === 'high' ? 'Maximum' : 'Minimum';
  if (source.per === 'environment' && statistic !== worst) {
    throw new Untranslatable(
      `${over.function}(${metric}) is not known for each row: all rows are values of one series, of which only the ${worst} over rows and time is kept; allowed: ${worst === 'Maximum' ? 'max' : 'min'}_over_time`,
    );
  }
  return plain({ statistic, divisor: 1 });
}

function refuseGaugeFunction(metric: string, name: RangeFunction): void {
  if (name === 'rate' || name === 'increase') {
    throw new Untranslatable(
      `${metric} is a gauge, and ${name} of a gauge measures how fast it moves, not how high it is, so the alert would not fire as intended; allowed: the value itself (${metric} > …), or a counter`,
    );
  }
  if (name === 'changes' || name === 'sum_over_time') {
    throw new Untranslatable(
      `${name} of the gauge ${metric} depends on how often it is read; allowed: ${metric} itself, or avg_over_time, min_over_time, max_over_time`,
    );
  }
}

function aggregated({ metric, aggregate }: Reading, source: PublishedSource, bad: Bad): Statistic {
  const { operation, by } = aggregate!;
  if (source.per === 'server') {
    throw new Untranslatable(
      `${metric} has a series for each server, which an alarm cannot aggregate; allowed: ${metric} without an aggregation, which becomes an alarm for each server`,
    );
  }
  if (by.length === 0 || (operation === 'max') === (bad === 'high')) {
    if (operation === 'max') return 'Maximum';
    if (operation === 'min') return 'Minimum';
    if (by.length === 0) return 'Sum';
  }
  const other = operation === 'sum' ? 'sum without "by"' : operation === 'max' ? 'min by' : 'max by';
  throw new Untranslatable(
    `${operation} by (${by.join(', ')}) (${metric}) needs a series for each label value, but all are values of one series; allowed: ${other}`,
  );
}

function planForeign({ metric, over, aggregate }: Reading, source: VendedSource | LogSource): ReadingPlan {
  const statistic = source.from === 'log' ? 'Sum' : source.statistic;
  if (aggregate) {
    throw new Untranslatable(
      `${metric} cannot be aggregated, because each of its series has a separate alarm; allowed: ${metric} without an aggregation`,
    );
  }
  if (!over) return { statistic, divisor: 1 };
  const given = over.function === 'sum_over_time' ? 'Sum' : OVER_EXTREME[over.function as keyof typeof OVER_EXTREME];
  if (given === statistic) return { statistic, divisor: 1 };
  throw new Untranslatable(
    `${over.function} of ${metric} does not follow from its statistic ${statistic}; allowed: ${overFunction(statistic)}(${metric}[5m])`,
  );
}

function overFunction(statistic: Statistic): string {
  const extreme = Object.entries(OVER_EXTREME).find(([, name]) => name === statistic);
  return extreme ? extreme[0] : 'sum_over_time';
}

/** The names that share the most words with a wrong one, at most three. */
export function nearest(wrong: string, names: readonly string[]): string[] {
  const words = (name: string) => new Set(name.split(/_|(?=[A-Z][a-z])/).map((word) => word.toLowerCase()));
  const wanted = words(wrong);
  const score = (name: string) => {
    const own = words(name);
    const shared = [...own].filter((word) => wanted.has(word)).length;
    return shared / Math.max(own.size, wanted.size);
  };
  return [...names].sort((a, b) => score(b) - score(a)).slice(0, 3);
}
