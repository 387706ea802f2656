/** Raises a value of a series to another where that is higher; NaN is no value. */
export function raise(series: Float64Array, index: number, value: number): void {
  if (!(series[index]! >= value)) series[index] = value;
}

/** A series without values. */
export function emptySeries(minutes: number): Float64Array {
  return new Float64Array(minutes).fill(NaN);
}

/** Sums up to each index, so that the sum of a range is a difference. */
export function prefixSums(values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return sums;
}
