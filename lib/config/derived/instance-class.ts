/** Virtual CPUs of the sizes up to xlarge; larger sizes have 4 times the number before "xlarge" (RDS User Guide, "DB instance classes"). */
const SMALL_SIZES: Readonly<Record<string, number>> = { micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 };

/**
 * Virtual CPUs of an instance class such as `r6g.xlarge`.
 * @throws Error for an unknown size
 */
export function vcpusOf(instanceClass: string): number {
  const size = instanceClass.split('.').at(-1) ?? '';
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  const vcpus = times === undefined ? SMALL_SIZES[size] : Number(times) * 4;
  if (vcpus === undefined) {
    throw new Error(
      `the instance class ${instanceClass} has an unknown size; allowed: ${Object.keys(SMALL_SIZES).join(', ')}, 2xlarge, 4xlarge …`,
    );
  }
  return vcpus;
}
