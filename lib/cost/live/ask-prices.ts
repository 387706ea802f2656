import { NotAnswered } from '../../account/ask';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { hasPrices, type PriceList, priceListOf } from '../prices';
import type { Resource } from '../resources';
import type { Usage } from '../usage';
import { livePrices } from './live-prices';
import { neededPrices } from './needed-prices';
import type { GetProducts } from './price-list-api';

/** The prices of an environment, and what a person should know of them. */
export interface AskedPrices {
  /** Undefined: the prices of lib/cost. */
  readonly prices?: PriceList;
  /** A sentence without a full stop; undefined where AWS told every price that it was asked for. */
  readonly remark?: string;
}

/**
 * Asks AWS for the prices that an environment needs. Where nobody answers, the prices of lib/cost stand, and the remark says why.
 * @throws Error where nobody answers and lib/cost has no prices of the region
 */
export async function askPrices(
  config: EnvironmentConfig,
  resources: readonly Resource[],
  usage: Usage,
  getProducts: GetProducts,
): Promise<AskedPrices> {
  const { name, region } = config;
  try {
    const { prices, untold } = await livePrices(
      region,
      neededPrices(config, resources, usage),
      getProducts,
      new Date(),
    );
    if (untold.length === 0) return { prices };
    return {
      prices,
      remark: `${name}: the Price List API told no price, or several that differ, of ${untold.join(', ')} in ${region}`,
    };
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error;
    const why = `the Price List API did not answer: ${error.message}; ${error.wayOut}`;
    if (!hasPrices(region)) throw new Error(`${why}. lib/cost has no prices of ${region}`);
    return { remark: `${name}: ${why}. These are the prices of lib/cost, ${priceListOf(region).source}` };
  }
}
