import type { EnvironmentConfig } from '../config/schema/environment';
import { vcpusOf } from '../config/aws/instance-classes';
import { HOURS_PER_MONTH, lineAt, sumOf } from '../cost/cost-line';
import type { EnvironmentPrice } from '../cost/environment-price';
import { priceListOf } from '../cost/prices';
import type { Need } from './forecast';

/** A bill of a forecast. */
export interface ForecastBill {
  /** US dollars a month. */
  readonly monthlyUsd: number;
  /** Whether the price of the class is derived from another size of its family: they are in proportion as far as they are known. */
  readonly isDerived: boolean;
}

/**
 * The bill of an environment in a month of a forecast: servers and storage as that month needs them, everything else as today. Undefined where
 * no class carries the load.
 * @throws Error where no class of the family has a price
 */
export function billOf(
  { instanceClass, storageGib }: Pick<Need, 'instanceClass' | 'storageGib'>,
  { rows }: EnvironmentPrice,
  { region, database, replicas }: EnvironmentConfig,
): ForecastBill | undefined {
  if (instanceClass === undefined) return undefined;
  const prices = priceListOf(region);
  const known = prices.has(`rds/instanceHour/${instanceClass}`) ? instanceClass : database.instanceClass;
  const times = vcpusOf(instanceClass) / vcpusOf(known);
  const line = lineAt(prices);
  const hours = (path: string, count: number) => line('', count * times * HOURS_PER_MONTH, 'hours', path);
  const [single, multi] = [`rds/instanceHour/${known}`, `rds/instanceHourMultiAz/${known}`];
  const primary = !database.multiAz ? hours(single, 1) : prices.has(multi) ? hours(multi, 1) : hours(single, 2);
  // Never less than what is configured.
  const gib = Math.max(database.allocatedStorageGiB, storageGib);
  const monthlyUsd = sumOf([
    ...rows.filter(({ component }) => !/^(instance|storage), /.test(component)),
    primary,
    hours(single, replicas.length),
    line('', gib, 'GB', `rds/gp3GbMonth${database.multiAz ? 'MultiAz' : ''}`),
    line('', replicas.length * gib, 'GB', 'rds/gp3GbMonth'),
  ]);
  return { monthlyUsd, isDerived: known !== instanceClass };
}
