import { type PriceList, PRICES, priceListOf } from '../prices';
import type { GetProducts, ListedProduct } from './price-list-api';
import { isUsageOf, type Product, productOf } from './products';

/** Today's prices of a region, and what became of the question. */
export interface LivePrices {
  readonly prices: PriceList;
  /** Paths whose price AWS told. */
  readonly told: readonly string[];
  /** Paths that AWS was asked for and did not tell one price of: none, or several that differ. */
  readonly untold: readonly string[];
}

/**
 * Asks AWS for today's prices of a region. Those that it does not tell stay at the price of lib/cost in us-east-1; elsewhere they are missing, and
 * what needs them is not priced: no estimate stands between today's prices.
 * @param paths the prices that are needed
 * @throws NotAnswered where AWS cannot be asked
 */
export async function livePrices(
  region: string,
  paths: readonly string[],
  getProducts: GetProducts,
  today: Date,
): Promise<LivePrices> {
  const wanted = paths.flatMap((path) => {
    const product = productOf(path);
    return product ? [{ path, product }] : [];
  });
  const lists = new Map<string, Promise<ListedProduct[]>>();
  const listOf = ({ service, attributes = {} }: Product) => {
    const key = JSON.stringify([service, attributes]);
    const list = lists.get(key) ?? getProducts(service, region, attributes);
    lists.set(key, list);
    return list;
  };
  const told = new Map<string, number>();
  for (const { path, product } of wanted) {
    const price = priceIn(await listOf(product), product, region);
    if (price !== undefined) told.set(path, price);
  }
  const untold = wanted.map(({ path }) => path).filter((path) => !told.has(path));
  return { prices: listWith(told, region, today), told: [...told.keys()], untold };
}

/** The one price of a product: the first tier that costs something. Undefined where there is none, or where several differ. */
function priceIn(products: readonly ListedProduct[], wanted: Product, region: string): number | undefined {
  const prices = products
    .filter(({ product }) => isUsageOf(wanted, product.attributes['usagetype'] ?? '', region))
    .flatMap(({ terms }) => Object.values(terms.OnDemand ?? {}))
    .flatMap(({ priceDimensions }) => {
      const tiers = Object.values(priceDimensions)
        .map(({ beginRange = '0', pricePerUnit }) => ({ from: Number(beginRange), each: Number(pricePerUnit.USD) }))
        .filter(({ each }) => each > 0)
        .sort((a, b) => a.from - b.from);
      return tiers[0]?.each ?? [];
    });
  const different = [...new Set(prices)];
  return different.length === 1 ? different[0] : undefined;
}

function listWith(told: ReadonlyMap<string, number>, region: string, today: Date): PriceList {
  const file = region === PRICES.region ? priceListOf(region) : undefined;
  const day = today.toISOString().slice(0, 10);
  const others = file ? `the others ${file.source}` : 'the others not known';
  return {
    region,
    collected: file ? file.collected : day,
    source: `${told.size} prices from the Price List API on ${day}, ${others}`,
    ...(!file && { isPartial: true }),
    has: (path) => told.has(path) || (file?.has(path) ?? false),
    of: (path) => {
      const each = told.get(path);
      if (each !== undefined) return { each, unconfirmed: false };
      if (file) return file.of(path);
      throw new Error(`AWS did not tell a price ${path} of ${region}`);
    },
  };
}
