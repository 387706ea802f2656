import { type PriceList, PRICES } from './prices';
import type { UsageName } from './usage';

/** One component of a resource on a month's bill, in US dollars at list price. */
export interface CostLine {
  readonly component: string;
  readonly quantity: number;
  /** Unit of the quantity. */
  readonly unit: string;
  /** Price of one unit. */
  readonly unitPrice: number;
  readonly monthlyUsd: number;
  /** The assumptions of the usage file that the quantity comes from; absent: from the template alone. */
  readonly assumes?: readonly UsageName[];
  /** Whether nobody could confirm the price. */
  readonly unconfirmed: boolean;
}

/** Hours of a month, as AWS counts them. */
export const HOURS_PER_MONTH = PRICES.hoursPerMonth;
/** Days of a month. */
export const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/** Makes lines of a bill. */
export type Line = (
  component: string,
  quantity: number,
  unit: string,
  price: string,
  ...assumes: UsageName[]
) => CostLine;

/**
 * Lines at the prices of a region.
 * @throws Error, when a line is made, for a path without a price
 */
export function lineAt(prices: Pick<PriceList, 'of'>): Line {
  return (component, quantity, unit, price, ...assumes) => {
    const { each, unconfirmed } = prices.of(price);
    return {
      component,
      quantity,
      unit,
      unitPrice: each,
      monthlyUsd: quantity * each,
      ...(assumes.length > 0 && { assumes }),
      unconfirmed,
    };
  };
}

/** The sum of lines, rounded to the cent. */
export function sumOf(lines: readonly Pick<CostLine, 'monthlyUsd'>[]): number {
  return toCents(lines.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0));
}

/** Dollars, rounded to the cent. */
export function toCents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
