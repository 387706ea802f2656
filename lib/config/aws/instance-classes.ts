/** Sizes from `large` on that have four virtual CPUs a step: `4xlarge` has 16. */
const SIZES = [
  'large',
  'xlarge',
  '2xlarge',
  '4xlarge',
  '8xlarge',
  '12xlarge',
  '16xlarge',
  '24xlarge',
  '32xlarge',
  '48xlarge',
];
const upTo = (last: string, without: readonly string[] = []) =>
  SIZES.slice(0, SIZES.indexOf(last) + 1).filter((size) => !without.includes(size));
const TO_16 = upTo('16xlarge');
const TO_24 = upTo('24xlarge');
const TO_32 = upTo('32xlarge');
const TO_48 = upTo('48xlarge', ['32xlarge']);
const BURSTABLE = ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'];

interface Family {
  readonly sizes: readonly string[];
  /** GiB of memory for each virtual CPU. */
  readonly ratio: number;
}

/**
 * Classes that RDS has for PostgreSQL 15 in at least one region; the preflight asks which ones it has in a zone.
 *  - Families and sizes: cfn-lint (github.com/aws-cloudformation/cfn-lint, aws_rds_dbinstance/dbinstanceclass_enum.json), 2026-07-18,
 *    without those that are deprecated for PostgreSQL (RDS User Guide, "Supported DB engines for DB instance classes", 2026-04-13).
 *    That m9g, which is newer than that page, has PostgreSQL 15 is unconfirmed.
 *  - Memory: RDS User Guide, "Hardware specifications for DB instance classes", 2026-04-13.
 */
const FAMILIES: Readonly<Record<string, Family>> = {
  t3: { sizes: BURSTABLE, ratio: 4 },
  t4g: { sizes: BURSTABLE, ratio: 4 },
  m5: { sizes: TO_24, ratio: 4 },
  m5d: { sizes: TO_24, ratio: 4 },
  m6g: { sizes: TO_16, ratio: 4 },
  m6gd: { sizes: TO_16, ratio: 4 },
  m6i: { sizes: TO_32, ratio: 4 },
  m6id: { sizes: TO_32, ratio: 4 },
  m6idn: { sizes: TO_32, ratio: 4 },
  m6in: { sizes: TO_32, ratio: 4 },
  m7g: { sizes: TO_16, ratio: 4 },
  m7i: { sizes: TO_48, ratio: 4 },
  m8g: { sizes: TO_48, ratio: 4 },
  m8gd: { sizes: TO_48, ratio: 4 },
  m9g: { sizes: TO_48, ratio: 4 },
  r5: { sizes: TO_24, ratio: 8 },
  r5b: { sizes: TO_24, ratio: 8 },
  r5d: { sizes: TO_24, ratio: 8 },
  r6g: { sizes: TO_16, ratio: 8 },
  r6gd: { sizes: TO_16, ratio: 8 },
  r6i: { sizes: TO_32, ratio: 8 },
  r6id: { sizes: TO_32, ratio: 8 },
  r6idn: { sizes: TO_32, ratio: 8 },
  r6in: { sizes: TO_32, ratio: 8 },
  r7g: { sizes: TO_16, ratio: 8 },
  r7i: { sizes: TO_48, ratio: 8 },
  r8g: { sizes: TO_48, ratio: 8 },
  r8gd: { sizes: TO_48, ratio: 8 },
  x2g: { sizes: TO_16, ratio: 16 },
  x2idn: { sizes: ['16xlarge', '24xlarge', '32xlarge'], ratio: 16 },
  x2iedn: { sizes: ['xlarge', '2xlarge', '4xlarge', '8xlarge', '16xlarge', '24xlarge', '32xlarge'], ratio: 32 },
};

/** Virtual CPUs and memory of the sizes that break the rule: they all have two CPUs. */
const SMALL_MEMORY_GIB: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4 };

/** An instance class. */
interface InstanceClass {
  readonly vcpus: number;
  /** Memory of the machine. DBInstanceClassMemory, which RDS's formulas use, is somewhat less. */
  readonly memoryGiB: number;
}

/** What an instance class such as `r6g.xlarge` has; undefined where RDS has no such class for PostgreSQL 15. */
export function instanceClassOf(name: string): InstanceClass | undefined {
  const [familyName = '', size = ''] = name.split('.');
  const family = Object.hasOwn(FAMILIES, familyName) ? FAMILIES[familyName] : undefined;
  if (!family?.sizes.includes(size) || name !== `${familyName}.${size}`) return undefined;
  const times = /^(\d*)xlarge$/.exec(size)?.[1];
  const vcpus = times === undefined ? 2 : Number(times || 1) * 4;
  return { vcpus, memoryGiB: SMALL_MEMORY_GIB[size] ?? vcpus * family.ratio };
}

/**
 * Virtual CPUs of an instance class such as `r6g.xlarge`.
 * @throws Error for a class that RDS does not have for PostgreSQL
 */
export function vcpusOf(name: string): number {
  const found = instanceClassOf(name);
  if (!found) throw new Error(`the instance class ${name} does not exist; allowed: ${instanceClassesLike(name)}`);
  return found.vcpus;
}

/** For error messages: the sizes of a family that exists, else the families. */
export function instanceClassesLike(name: string): string {
  const [familyName = ''] = name.split('.');
  return Object.hasOwn(FAMILIES, familyName)
    ? FAMILIES[familyName]!.sizes.map((size) => `${familyName}.${size}`).join(', ')
    : `a size of ${Object.keys(FAMILIES).join(', ')}, such as "r6g.xlarge"`;
}
