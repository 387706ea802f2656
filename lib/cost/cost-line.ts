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
 * @throws Error, when a line is made, for a path without a price; with a partial list the line is not priced (`isPriced`)
 */
export function lineAt(prices: Pick<PriceList, 'of' | 'has' | 'isPartial'>): Line {
  return (component, quantity, unit, price, ...assumes) => {
    const isMissing = prices.isPartial === true && !prices.has(price);
    const { each, unconfirmed } = isMissing ? { each: NaN, unconfirmed: true } : prices.of(price);
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

/** Whether the price of a line is known. */
export function isPriced({ unitPrice }: Pick<CostLine, 'unitPrice'>): boolean {
  return !Number.isNaN(unitPrice);
}

/** The sum of lines, rounded to the cent. */
export function sumOf(lines: readonly Pick<CostLine, 'monthlyUsd'>[]): number {
  return toCents(lines.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0));
}

/** Dollars, rounded to the cent. */
export function toCents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
