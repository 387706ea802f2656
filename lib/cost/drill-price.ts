import type { EnvironmentConfig } from '../config/schema';
import prices from './prices.us-east-1.json';

/** Drills by schedule: 52 weekly, 12 monthly and 4 quarterly ones a year. */
const A_YEAR = { ofChosenClass: 52 + 12, ofPrimaryClass: 4 };
/** States that a drill of an hour enters: three for each half minute of waiting, and the rest once. */
const TRANSITIONS = 450;

/** What the restore drills of an environment cost a month. */
export interface DrillPrice {
  readonly drillsAMonth: number;
  /** US dollars at list price. */
  readonly dollars: number;
}

/**
 * Prices the restore drills: Single-AZ instances of their class and the storage of the primary for as long as they live, and the
 * steps. Functions, logs and notices are fractions of a cent and not in it.
 * @param hours that a restored instance lives. Default 1.25: the target for a restore, and its deletion
 * @returns nothing for an environment without drills
 * @throws Error for an instance class without a price
 */
export function drillPrice({ database, drills }: EnvironmentConfig, hours = 1.25): DrillPrice {
  if ('enabled' in drills) return { drillsAMonth: 0, dollars: 0 };
  const { hoursPerMonth, rds, stepFunctions } = prices;
  const storageHour = (database.allocatedStorageGiB * rds.gp3GibMonth) / hoursPerMonth;
  const drill = (instanceClass: string) =>
    hours * (instanceHour(instanceClass) + storageHour) + TRANSITIONS * stepFunctions.transition;
  const aYear =
    A_YEAR.ofChosenClass * drill(drills.instanceClass ?? database.instanceClass) +
    A_YEAR.ofPrimaryClass * drill(database.instanceClass);
  const drillsAMonth = (A_YEAR.ofChosenClass + A_YEAR.ofPrimaryClass) / 12;
  return { drillsAMonth, dollars: Math.round((aYear / 12) * 100) / 100 };
}

function instanceHour(instanceClass: string): number {
  const hour = (prices.rds.singleAzHour as Readonly<Record<string, number>>)[instanceClass];
  if (hour === undefined) {
    throw new Error(
      `the class ${instanceClass} has no price; allowed: ${Object.keys(prices.rds.singleAzHour).join(', ')}, or add it to lib/cost/prices.us-east-1.json`,
    );
  }
  return hour;
}
