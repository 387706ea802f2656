import { z } from 'zod';
import { describeIssue } from '../shared/faults';
import frankfurt from './prices.eu-central-1.json';
import file from './prices.us-east-1.json';

const FILE = 'prices.us-east-1.json';

/** US dollars for one unit. */
const price = z.number().refine((value) => value > 0, 'a number over 0');
const byName = z.record(z.string(), price);
/** The price of a series, up to a number of series. */
const tier = z.strictObject({ upTo: z.int().positive(), each: price });
const schema = z.strictObject({
  region: z.string(),
  currency: z.literal('USD'),
  /** The day on which the prices were looked up. */
  collected: z.iso.date(),
  note: z.string(),
  /** Hours of a month, as AWS counts them. */
  hoursPerMonth: z.number().positive(),
  cloudwatch: z.strictObject({
    metric: z.tuple([tier], tier),
    alarmMetric: price,
    compositeAlarm: price,
    dashboard: price,
    logsIngestGb: price,
    logsStoreGbMonth: price,
    apiCall: price,
  }),
  rds: z.strictObject({
    instanceHour: byName,
    instanceHourMultiAz: byName,
    gp3GbMonth: price,
    gp3GbMonthMultiAz: price,
    gp3IopsMonth: price,
    gp3IopsMonthMultiAz: price,
    gp3MbpsMonth: price,
    gp3MbpsMonthMultiAz: price,
    backupGbMonth: price,
    proxyVcpuHour: price,
    insightsAdvancedVcpuHour: price,
    extendedSupportVcpuHour: price,
  }),
  backup: z.strictObject({ restoreTest: price, auditEvaluation: price }),
  transfer: z.strictObject({ crossRegionGb: price }),
  stepFunctions: z.strictObject({ transition: price }),
  lambda: z.strictObject({ armGbSecond: price, request: price }),
  kms: z.strictObject({ keyMonth: price, request: price }),
  secretsManager: z.strictObject({ secretMonth: price, call: price }),
  sns: z.strictObject({ request: price, email: price }),
  sqs: z.strictObject({ request: price }),
  scheduler: z.strictObject({ invocation: price }),
  systemsManager: z.strictObject({ step: price }),
  route53: z.strictObject({ zoneMonth: price, healthCheckMonth: price }),
  vpc: z.strictObject({ endpointHour: price, endpointGb: price, natHour: price, natGb: price, publicIpHour: price }),
  s3: z.strictObject({ gbMonth: price, infrequentGbMonth: price }),
  ec2: z.strictObject({ instanceHour: byName, gp3GbMonth: price }),
  elastiCache: z.strictObject({ redisNodeHour: byName, valkeyNodeHour: byName, snapshotGbMonth: price }),
  /** Paths of the prices that nobody could confirm, such as `backup/restoreTest`. */
  unconfirmed: z.array(z.string()),
});

/** The price list of us-east-1: US dollars at list price, without free tier. */
type Prices = z.infer<typeof schema>;

/**
 * Checks a price list.
 * @throws Error with a sentence for each fault
 */
export function parsePrices(input: unknown): Prices {
  const { data, error } = schema.safeParse(input);
  const faults = error
    ? error.issues.flatMap((issue) => describeIssue(issue, input, 'the price list'))
    : data.unconfirmed
        .filter((path) => typeof valueAt(data, path) !== 'number')
        .map((path) => `unconfirmed names ${path}; allowed: the path of a price of this file`);
  if (!data || faults.length > 0) throw new Error(`${FILE} is wrong:\n${faults.map((each) => `- ${each}`).join('\n')}`);
  return data;
}

/** The prices of prices.us-east-1.json. */
export const PRICES = parsePrices(file);

/** One price. */
interface UnitPrice {
  readonly each: number;
  /** Whether nobody could confirm it. */
  readonly unconfirmed: boolean;
}

/** The price list of one region. */
export interface PriceList {
  readonly region: string;
  /** The day on which the oldest of the prices were looked up. */
  readonly collected: string;
  /** Where the prices are from, for a sentence. */
  readonly source: string;
  /** Whether prices may be missing: what needs them is listed as not priced. Otherwise a missing price is an error. */
  readonly isPartial?: true;
  /**
   * One price.
   * @param path where it stands in the file, such as `rds/gp3GbMonth`
   * @throws Error for a path without a price, with the names that there are
   */
  readonly of: (path: string) => UnitPrice;
  readonly has: (path: string) => boolean;
}

/** What prices.<region>.json of another region has: the prices that were found, and by what factor the others are estimated. */
const estimatesSchema = z.strictObject({
  region: z.string(),
  collected: z.iso.date(),
  note: z.string(),
  found: z.array(
    z.strictObject({ path: z.string(), each: price, source: z.string(), unconfirmed: z.literal(true).optional() }),
  ),
  /** By service, the first part of a path. Default 1: AWS's price is the same in both regions (unconfirmed). */
  factors: z.partialRecord(schema.keyof(), z.number().positive()),
});

const LOOKED_UP: PriceList = {
  region: PRICES.region,
  collected: PRICES.collected,
  source: `looked up on ${PRICES.collected}`,
  has: (path) => typeof valueAt(PRICES, path) === 'number',
  of: (path) => ({ each: priceOf(path), unconfirmed: PRICES.unconfirmed.includes(path) }),
};
const LISTS: readonly PriceList[] = [LOOKED_UP, estimatedList(frankfurt)];

/** Whether lib/cost has prices of a region. */
export function hasPrices(region: string): boolean {
  return LISTS.some((list) => list.region === region);
}

/**
 * The price list of a region.
 * @throws Error for a region whose prices nobody looked up
 */
export function priceListOf(region: string): PriceList {
  const list = LISTS.find((each) => each.region === region);
  if (list) return list;
  throw new Error(
    `the prices of ${region} are not known; lib/cost has those of ${LISTS.map((each) => each.region).join(' and ')}, and prices differ by region. With credentials npm run cost -- --live asks AWS for those of ${region}`,
  );
}

/** The prices that were found, and the estimates. A test holds every path to one of PRICES. */
function estimatedList(input: unknown): PriceList {
  const { region, collected, found, factors } = estimatesSchema.parse(input);
  const known = new Map(found.map(({ path, each, unconfirmed = false }) => [path, { each, unconfirmed }]));
  const factorOf = (path: string) => (factors as Record<string, number>)[path.split('/')[0]!] ?? 1;
  return {
    region,
    collected,
    source: `${known.size} looked up on ${collected}, the others estimated from ${PRICES.region}`,
    has: LOOKED_UP.has,
    of: (path) => known.get(path) ?? { each: LOOKED_UP.of(path).each * factorOf(path), unconfirmed: true },
  };
}

function priceOf(path: string): number {
  const found = valueAt(PRICES, path);
  if (typeof found === 'number') return found;
  const group = valueAt(PRICES, path.slice(0, path.lastIndexOf('/'))) ?? PRICES;
  throw new Error(`${FILE} has no price ${path}; it has ${Object.keys(group).join(', ')}; look it up and add it`);
}

function valueAt(prices: Prices, path: string): unknown {
  return path.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], prices);
}
