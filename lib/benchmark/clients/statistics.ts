/**
 * The value that a share of all values does not exceed, by nearest rank.
 * @param share such as 0.95
 * @throws Error where there are no values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('there is no percentile of no values; measure at least one');
  return value;
}

/** @throws Error where there are no values */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
