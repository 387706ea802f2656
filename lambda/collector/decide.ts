import type { CollectedMetric, CollectedQuery } from '../../lib/contract/collected-query';
import type { OwnMetric } from '../../lib/contract/metrics';
import type { SeriesValues } from '../shared/metric-data';
import { count } from './count';
import type { AnsweringServer, ServerReading } from './read';
import type { CollectorState } from './state';

/** What a pass publishes, and what it keeps for the next. */
export interface Decision {
  /** Gauges, and which servers are up. */
  readonly series: readonly SeriesValues[];
  /** Growth of counters and changes of fingerprints: to be published only once `state` is kept, or the next pass counts them again. */
  readonly counted: readonly SeriesValues[];
  readonly state: CollectorState;
}

/** The server that takes writes: the first in the configuration's order that is not a replica, whatever its name says. */
export function primaryOf(readings: readonly ServerReading[]): AnsweringServer | undefined {
  return readings.find((reading): reading is AnsweringServer => reading.up && !reading.inRecovery);
}

/**
 * Turns the readings of one pass into series: gauges as read, counters as their growth since `before`, fingerprints as 1 when they differ
 * from `before` and else 0. The first value of a counter or fingerprint publishes nothing. The last values of a server that is down are
 * kept until it answers again.
 * @param before what the last pass of any collector kept
 */
export function decide(
  readings: readonly ServerReading[],
  queries: readonly CollectedQuery[],
  before: CollectorState,
): Decision {
  const counts = new Map(
    answering(readings).map((reading) => [reading.server, count(reading, queries, before[reading.server])]),
  );
  const known = readings.flatMap(({ server }) => (before[server] ? [[server, before[server]] as const] : []));
  return {
    series: [
      ...readings.map(upSample),
      ...seriesOf(readings, queries, isGauge, ({ answers }, { name }, { column }) =>
        (answers.get(name) ?? []).flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : [])),
      ),
    ],
    counted: seriesOf(
      readings,
      queries,
      (metric) => !isGauge(metric),
      ({ server }, _, { metric }) => counts.get(server)?.growth.get(metric) ?? [],
    ),
    state: Object.fromEntries([...known, ...[...counts].map(([server, { state }]) => [server, state] as const)]),
  };
}

const isGauge = ({ kind }: CollectedMetric) => kind === 'gauge';

/** The series of the metrics that are chosen, with a value for each row. */
function seriesOf(
  readings: readonly ServerReading[],
  queries: readonly CollectedQuery[],
  isChosen: (metric: CollectedMetric) => boolean,
  valuesOf: (server: AnsweringServer, query: CollectedQuery, metric: CollectedMetric) => readonly number[],
): SeriesValues[] {
  const series = queries.flatMap((query) =>
    query.metrics.filter(isChosen).flatMap((metric): SeriesValues[] => {
      const ofServers = serversOf(metric, readings).map((reading) => ({
        server: reading.server,
        values: valuesOf(reading, query, metric),
      }));
      return metric.per === 'server'
        ? ofServers.map((each) => ({ metric: metric.metric, ...each }))
        : [{ metric: metric.metric, values: ofServers.flatMap(({ values }) => values) }];
    }),
  );
  return series.filter(({ values }) => values.length > 0);
}

function serversOf({ servers }: CollectedMetric, readings: readonly ServerReading[]): AnsweringServer[] {
  if (servers === 'all') return answering(readings);
  if (servers === 'replicas') return answering(readings).filter(({ inRecovery }) => inRecovery);
  const primary = primaryOf(readings);
  return primary ? [primary] : [];
}

function answering(readings: readonly ServerReading[]): AnsweringServer[] {
  return readings.filter((reading): reading is AnsweringServer => reading.up);
}

function upSample({ server, up }: ServerReading): SeriesValues {
  return { metric: 'pg_up' satisfies OwnMetric, server, values: [up ? 1 : 0] };
}
