import type { CollectedMetric, CollectedQuery } from '../../lib/contract/collected-query';
import type { AnsweringServer } from './read';
import { metricOf, type ServerState, stateKey } from './state';

/** What was counted on one server. */
export interface Counts {
  /** By metric: growth of counters, changes of fingerprints; a value for each row that was known before. */
  readonly growth: ReadonlyMap<string, readonly number[]>;
  /** What to keep for the next pass. */
  readonly state: ServerState;
}

/** A longer overlap of two readings is not one of two collectors: the server's clock was set back, or another server took over the name. */
const LONGEST_OVERLAP_S = 300;

/**
 * Counts what happened on a server since `before`. A row that was not known then has nothing to be compared with, and counts nothing.
 * Nothing is counted either while this reading began before the one that `before` is from had ended, so that a late reading does not look
 * like a reset.
 */
export function count(
  { began, ended, answers }: AnsweringServer,
  queries: readonly CollectedQuery[],
  before: ServerState | undefined,
): Counts {
  const overlap = (before?.readAt ?? -Infinity) - began;
  if (before && overlap >= 0 && overlap < LONGEST_OVERLAP_S) return { growth: new Map(), state: before };
  const growth = new Map<string, number[]>();
  const values: Record<string, number> = {};
  for (const { name, sql, labels, metrics } of queries) {
    for (const { metric, column, kind } of metrics.filter((each) => each.kind !== 'gauge')) {
      const rows = answers.get(name);
      if (!rows) Object.assign(values, valuesOf(metric, before));
      for (const row of rows ?? []) {
        const key = stateKey(
          metric,
          sql,
          labels.map((label) => row[label]),
        );
        const [last, value] = [before?.values[key], row[column]];
        const kept = typeof value === 'number' ? value : last;
        if (kept !== undefined) values[key] = kept;
        if (typeof value !== 'number' || last === undefined) continue;
        growth.set(metric, [...(growth.get(metric) ?? []), growthOf(kind, last, value)]);
      }
    }
  }
  return { growth, state: { readAt: ended, values } };
}

function growthOf(kind: CollectedMetric['kind'], last: number, value: number): number {
  if (kind === 'fingerprint') return value === last ? 0 : 1;
  // A counter that has become smaller was reset to 0.
  return value < last ? value : value - last;
}

/** The values of a metric whose query was not answered this time. */
function valuesOf(metric: string, before: ServerState | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(before?.values ?? {}).filter(([key]) => metricOf(key) === metric));
}
