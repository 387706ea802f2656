import { z } from 'zod';
import { describeIssue } from '../shared/faults';
import file from './prices.us-east-1.json';

const FILE = 'prices.us-east-1.json';

/** US dollars for one unit. */
const price = z.number().refine((value) => value > 0, 'a number over 0');
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
  cloudwatch: z.strictObject({ metric: z.tuple([tier], tier), alarmMetric: price, compositeAlarm: price }),
  rds: z.strictObject({ instanceHour: z.record(z.string(), price), gp3GbMonth: price, backupGbMonth: price }),
  backup: z.strictObject({ restoreTest: price }),
  transfer: z.strictObject({ crossRegionGb: price }),
  stepFunctions: z.strictObject({ transition: price }),
  lambda: z.strictObject({ armGbSecond: price }),
  /** Paths of the prices that nobody could confirm, such as `backup/restoreTest`. */
  unconfirmed: z.array(z.string()),
});

/** The price list: US dollars at list price, without free tier. */
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

/**
 * One price.
 * @param path where it stands in the file, such as `rds/gp3GbMonth`
 * @throws Error for a path without a price, with the names that there are
 */
export function priceOf(path: string): number {
  const found = valueAt(PRICES, path);
  if (typeof found === 'number') return found;
  const group = valueAt(PRICES, path.slice(0, path.lastIndexOf('/'))) ?? PRICES;
  throw new Error(`${FILE} has no price ${path}; it has ${Object.keys(group).join(', ')}; look it up and add it`);
}

function valueAt(prices: Prices, path: string): unknown {
  return path.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], prices);
}
