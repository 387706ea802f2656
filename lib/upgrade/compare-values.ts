/** Values that the collector published, by metric. */
export type PublishedValues = ReadonlyMap<string, readonly number[]>;

/** A metric of which the two versions publish other values. */
export interface ValueDifference {
  readonly metric: string;
  readonly before: string;
  readonly after: string;
  /** The new version publishes none. */
  readonly isMissing: boolean;
}

/** Queries of the collector that failed; it counts them itself. */
export const FAILED_QUERIES = 'collector_failed_queries';

/** Values shown of a metric, at most. */
const SHOWN = 5;

/**
 * Metrics whose values differ. Some do by nature: they count what a server has done since it started, or messages, of which the old version gets
 * some more after the way back.
 */
export function valueDifferences(before: PublishedValues, after: PublishedValues): ValueDifference[] {
  return [...before].flatMap(([metric, values]) => {
    const others = after.get(metric) ?? [];
    const [one, other] = [textOf(values), textOf(others)];
    return one === other ? [] : [{ metric, before: one, after: other, isMissing: others.length === 0 }];
  });
}

function textOf(values: readonly number[]): string {
  if (values.length === 0) return 'none';
  const sorted = [...values].sort((one, other) => other - one);
  const more = sorted.length > SHOWN ? `, … ${sorted.length} values` : '';
  return `${sorted.slice(0, SHOWN).join(', ')}${more}`;
}
