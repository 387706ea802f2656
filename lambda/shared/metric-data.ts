import type { MetricDatum } from '@aws-sdk/client-cloudwatch';

/** The values of one series at one time. */
export interface SeriesValues {
  readonly metric: string;
  /** Value of the dimension `Server`; undefined for a series of the whole environment. */
  readonly server?: string;
  readonly values: readonly number[];
}

/** Limits of PutMetricData (CloudWatch API Reference, PutMetricData and MetricDatum). */
export const LIMITS = { valuesOfDatum: 150, dataOfRequest: 1000, bytesOfRequest: 1_000_000 } as const;

/**
 * The values that CloudWatch takes. MetricDatum's reference says -2^360 to 2^360, not "too small", and neither NaN nor infinity; an earlier
 * edition said 8.515920e-109 to 1.174271e+108. These bounds suit both. One value beyond them loses the whole request (unconfirmed).
 */
const RANGE = { smallest: 8.515921e-109, largest: 1.17427e108 } as const;

/** Whether CloudWatch takes a value. */
export function isPublishable(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= RANGE.smallest && size <= RANGE.largest);
}

/** Converts series to data of CloudWatch: equal values once with their count, and at most 150 different values per datum. */
export function metricData(series: readonly SeriesValues[], environment: string, timestamp: Date): MetricDatum[] {
  return series.flatMap(({ metric, server, values }) => {
    const common = {
      MetricName: metric,
      Dimensions: [
        { Name: 'Environment', Value: environment },
        ...(server === undefined ? [] : [{ Name: 'Server', Value: server }]),
      ],
      Timestamp: timestamp,
    };
    const counts = [...countsOf(values)];
    return chunks(counts, LIMITS.valuesOfDatum).map((part) => ({
      ...common,
      Values: part.map(([value]) => value),
      Counts: part.map(([, count]) => count),
    }));
  });
}

/** Divides data into requests within the LIMITS, in their order. The size of a request is the length of the JSON that the SDK sends. */
export function requests(data: readonly MetricDatum[]): MetricDatum[][] {
  const batches: MetricDatum[][] = [];
  let bytes = 0;
  for (const datum of data) {
    const size = Buffer.byteLength(JSON.stringify(datum)) + 1;
    const batch = batches.at(-1);
    if (batch && batch.length < LIMITS.dataOfRequest && bytes + size <= LIMITS.bytesOfRequest) {
      batch.push(datum);
      bytes += size;
    } else {
      batches.push([datum]);
      bytes = size;
    }
  }
  return batches;
}

function countsOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
