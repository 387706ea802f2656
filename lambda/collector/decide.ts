import type { CollectedMetric, CollectedQuery } from '../../lib/contract/collected-query';
import type { OwnMetric } from '../../lib/contract/metrics';
import type { SeriesValues } from '../shared/metric-data';
import type { AnsweringServer, Row, ServerReading } from './read';

/** The last value of every counter and fingerprint, by server, metric and row. */
export type LastValues = ReadonlyMap<string, number>;

/** The series to publish, and the values that the next pass compares with. */
export interface Decision {
  readonly series: readonly SeriesValues[];
  readonly last: LastValues;
}

/** The server that takes writes: the first in the configuration's order that is not a replica, whatever its name says. */
export function primaryOf(readings: readonly ServerReading[]): AnsweringServer | undefined {
  return readings.find((reading): reading is AnsweringServer => reading.up && !reading.inRecovery);
}

/**
 * Turns the readings of one pass into series: gauges as read, counters as their growth since `last`, fingerprints as 1 when they differ
 * from `last` and else 0. The first value of a counter or fingerprint publishes nothing. The last values of a server that is down are
 * kept until it answers again.
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
    // A counter that has become smaller was reset to 0.
    if (kind === 'counter') values.push(value < before ? value : value - before);
    else values.push(value === before ? 0 : 1);
  }
  return values;
}

/** A number that CloudWatch accepts; undefined for NULL, infinity and NaN. CloudWatch refuses a whole request for one of the latter. */
export function numberIn(row: Row, column: string): number | undefined {
  const cell = row[column];
  const value = typeof cell === 'string' && cell.trim() === '' ? NaN : Number(cell ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

function upSample({ server, up }: ServerReading): SeriesValues {
  return { metric: 'pg_up' satisfies OwnMetric, server, values: [up ? 1 : 0] };
}

function failedQueries(readings: readonly ServerReading[]): SeriesValues {
  const failed = readings.reduce((sum, reading) => sum + (reading.up ? reading.failures.length : 0), 0);
  return { metric: 'collector_failed_queries' satisfies OwnMetric, values: [failed] };
}
