const SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'];

/**
 * Node types of ElastiCache on Graviton that keep their data encrypted at rest (ElastiCache User Guide, "Supported node types" and "At-rest
 * encryption"). Which of them a region has is not known here: npm run preflight says what to look at.
 */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  t4g: ['micro', 'small', 'medium'],
  m6g: SIZES,
  m7g: SIZES,
  r6g: SIZES,
  r7g: SIZES,
};

/** Whether ElastiCache has a node type such as `r6g.large`. */
export function isCacheNodeType(name: string): boolean {
  const [family = '', size = '', ...rest] = name.split('.');
  return rest.length === 0 && Object.hasOwn(FAMILIES, family) && FAMILIES[family]!.includes(size);
}

/** For error messages: the sizes of a family that exists, else the families. */
export function cacheNodeTypesLike(name: string): string {
  const [family = ''] = name.split('.');
  return Object.hasOwn(FAMILIES, family)
    ? FAMILIES[family]!.map((size) => `${family}.${size}`).join(', ')
    : `a size of ${Object.keys(FAMILIES).join(', ')}, such as "r6g.large"`;
}
