import { priceOf, PRICES } from './prices';

/** One line of a month's bill, in US dollars at list price. */
export interface CostLine {
  readonly what: string;
  readonly quantity: number;
  /** Unit of the quantity. */
  readonly unit: string;
  /** Price of one unit. */
  readonly each: number;
  readonly dollars: number;
  /** Whether nobody could confirm the price. */
  readonly unconfirmed: boolean;
}

/** Hours of a month, as AWS counts them. */
export const HOURS_PER_MONTH = PRICES.hoursPerMonth;
/** Days of a month. */
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/**
 * Makes a line of a bill.
 * @param price path of the price in prices.us-east-1.json, such as `rds/gp3GbMonth`
 * @throws Error for a path without a price
 */
export function costLine(what: string, quantity: number, unit: string, price: string): CostLine {
  const each = priceOf(price);
  return { what, quantity, unit, each, dollars: quantity * each, unconfirmed: PRICES.unconfirmed.includes(price) };
}

/** The sum of lines, rounded to the cent. */
export function sumOf(lines: readonly Pick<CostLine, 'dollars'>[]): number {
  return toCents(lines.reduce((sum, { dollars }) => sum + dollars, 0));
}

/** Dollars, rounded to the cent. */
export function toCents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
