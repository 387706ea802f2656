import type { CollectedMetric, CollectedQuery } from '../../lib/contract/collected-query';
import type { CollectorMetric } from '../../lib/monitoring/sources/collector';
import type { SeriesValues } from '../shared/metric-data';
import type { AnsweringServer, Row, ServerReading } from './read';

/** Last value of every counter and fingerprint, by server, metric and row. */
export type LastValues = ReadonlyMap<string, number>;

/** What to publish, and what the next pass compares with. */
export interface Decision {
  readonly series: readonly SeriesValues[];
  readonly last: LastValues;
}

/** The server that writes: the first in the configuration's order that is no replica, whatever its name says. */
export function primaryOf(readings: readonly ServerReading[]): AnsweringServer | undefined {
  return readings.find((reading): reading is AnsweringServer => reading.up && !reading.inRecovery);
}

/**
 * What the readings of one pass are worth: gauges as read; counters as what they grew by since `last` and fingerprints as whether
 * they differ from it, so that their first values publish nothing. A server that is down keeps its last values for when it is back.
 */
export function decide(
  readings: readonly ServerReading[],
  queries: readonly CollectedQuery[],
  last: LastValues,
): Decision {
  const seen = new Map(last);
  const series = queries.flatMap((query) =>
    query.metrics.flatMap((metric): SeriesValues[] => {
      const ofServers = serversOf(metric, readings).map((reading) => ({
        server: reading.server,
        values: valuesOf(reading, query, metric, last, seen),
      }));
      return metric.per === 'server'
        ? ofServers.map((each) => ({ metric: metric.metric, ...each }))
        : [{ metric: metric.metric, values: ofServers.flatMap(({ values }) => values) }];
    }),
  );
  return {
    series: [...readings.map(upSample), ...series.filter(({ values }) => values.length > 0), failedQueries(readings)],
    last: seen,
  };
}

function serversOf({ servers }: CollectedMetric, readings: readonly ServerReading[]): AnsweringServer[] {
  const answering = readings.filter((reading): reading is AnsweringServer => reading.up);
  if (servers === 'all') return answering;
  if (servers === 'replicas') return answering.filter(({ inRecovery }) => inRecovery);
  const primary = primaryOf(readings);
  return primary ? [primary] : [];
}

function valuesOf(
  { server, answers }: AnsweringServer,
  { name, labels }: CollectedQuery,
  { metric, column, kind }: CollectedMetric,
  last: LastValues,
  seen: Map<string, number>,
): number[] {
  const values: number[] = [];
  for (const row of answers.get(name) ?? []) {
    const value = numberIn(row, column);
    if (value === undefined) continue;
    if (kind === 'gauge') {
      values.push(value);
      continue;
    }
    const key = JSON.stringify([server, metric, ...labels.map((label) => row[label])]);
    const before = last.get(key);
    seen.set(key, value);
    if (before === undefined) continue;
    // A counter that has become smaller began again at 0.
    if (kind === 'counter') values.push(value < before ? value : value - before);
    else values.push(value === before ? 0 : 1);
  }
  return values;
}

/** A number that CloudWatch takes; undefined for NULL, and for infinity and NaN, which it refuses together with their whole request. */
export function numberIn(row: Row, column: string): number | undefined {
  const cell = row[column];
  const value = typeof cell === 'string' && cell.trim() === '' ? NaN : Number(cell ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

function upSample({ server, up }: ServerReading): SeriesValues {
  return { metric: 'pg_up' satisfies CollectorMetric, server, values: [up ? 1 : 0] };
}

function failedQueries(readings: readonly ServerReading[]): SeriesValues {
  const failed = readings.reduce((sum, reading) => sum + (reading.up ? reading.failures.length : 0), 0);
  return { metric: 'collector_failed_queries' satisfies CollectorMetric, values: [failed] };
}
