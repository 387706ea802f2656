import prices from './prices.us-east-1.json';

/** Something that is paid for, a month, US dollars at list price. */
export interface CostLine {
  readonly what: string;
  readonly quantity: number;
  /** What the quantity counts. */
  readonly unit: string;
  readonly each: number;
  readonly dollars: number;
  /** Whether nobody could confirm its price. */
  readonly unconfirmed: boolean;
}

/** Hours of a month, as AWS reckons. */
export const HOURS_PER_MONTH = prices.hoursPerMonth;
/** Days of a month. */
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/**
 * A line of a bill.
 * @param price where it stands in prices.us-east-1.json, such as `rds/gp3GbMonth`
 * @throws Error for a price that is not there
 */
export function costLine(what: string, quantity: number, unit: string, price: string): CostLine {
  const each = priceOf(price);
  return { what, quantity, unit, each, dollars: quantity * each, unconfirmed: prices.unconfirmed.includes(price) };
}

/** The sum of lines, to the cent. */
export function sumOf(lines: readonly Pick<CostLine, 'dollars'>[]): number {
  return Math.round(lines.reduce((sum, { dollars }) => sum + dollars, 0) * 100) / 100;
}

function priceOf(path: string): number {
  const keys = path.split('/');
  const name = keys.pop() ?? '';
  const group = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], prices) as Record<string, unknown> | undefined; // prettier-ignore
  const price = group?.[name];
  if (typeof price === 'number') return price;
  throw new Error(
    `prices.us-east-1.json has no price ${path}; it has ${Object.keys(group ?? prices).join(', ')}; look it up and add it`,
  );
}
