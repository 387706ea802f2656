/**
 * A percentile by nearest rank: the smallest value that at least this share of all values does not exceed.
 * @param share from 0 to 1, such as 0.95
 * @throws Error where there are no values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('a percentile needs at least one value; nothing was measured');
  return value;
}

/**
 * The median by nearest rank: of an even number of values the smaller of the middle two.
 * @throws Error where there are no values
 */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
