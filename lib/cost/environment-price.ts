import { type EnvironmentName, loadEnvironment } from '../config';
import type { EnvironmentConfig } from '../config/schema/environment';
import { COLLECTOR_SOURCES } from '../monitoring/sources/collector';
import { DRILL_SOURCES } from '../monitoring/sources/drill';
import { INSPECTOR_SOURCES } from '../monitoring/sources/inspector';
import { JOB_SOURCES } from '../monitoring/sources/jobs';
import { type CostLine, isPriced, lineAt, sumOf } from './cost-line';
import { FREE, PRICED } from './pricers';
import { customSeries, seriesLines, serversOf } from './pricers/monitoring';
import type { Group, Pricing } from './pricers/pricer';
import { type PriceList, priceListOf } from './prices';
import { type Resource, synthesizeResources } from './resources';
import { DEFAULT_USAGE, type Usage } from './usage';

/** One line of the bill of an environment. */
export interface Row {
  readonly stack: string;
  /** Logical id of the resource, or what all resources of the stack have in common. */
  readonly resource: string;
  readonly group: Group;
  readonly component: string;
  readonly quantity: number;
  readonly unit: string;
  readonly unitPrice: number;
  /** US dollars. */
  readonly monthlyUsd: number;
  /** Whether the quantity is an assumption of the usage file. */
  readonly usageBased: boolean;
  readonly confidence: 'confirmed' | 'unconfirmed';
}

/** The bill of one environment a month, in US dollars at list price without free tier. */
export interface EnvironmentPrice {
  readonly name: string;
  readonly region: string;
  readonly monthlyUsd: number;
  readonly rows: readonly Row[];
  /** Number of resources that cost nothing. */
  readonly free: number;
  /**
   * What may cost something: resources of a type that lib/cost does not know, each as `stack/id (type)`, and lines without a known price, as
   * `stack/id, component`.
   */
  readonly notPriced: readonly string[];
}

/** The metrics that collector, inspector and drills publish. */
export function publishedSources({ drills }: Pick<EnvironmentConfig, 'drills'>) {
  return { ...COLLECTOR_SOURCES, ...INSPECTOR_SOURCES, ...JOB_SOURCES, ...(drills ? DRILL_SOURCES : {}) };
}

/**
 * Prices an environment, resource by resource.
 * @param resources of all its stacks
 * @param prices default: those of lib/cost for its region
 * @throws Error for a region or an instance class without prices
 */
export function environmentPrice(
  config: EnvironmentConfig,
  resources: readonly Resource[],
  usage: Usage = DEFAULT_USAGE,
  prices: PriceList = priceListOf(config.region),
): EnvironmentPrice {
  const pricing: Pricing = { config, resources, prices, usage, line: lineAt(prices) };
  const all = [
    ...resources.flatMap((resource) => rowsOf(resource, pricing)),
    ...seriesLines(customSeries(resources, publishedSources(config), serversOf(pricing)), pricing.line).map((line) =>
      row({ stack: `${config.name}-Monitoring`, id: 'custom metrics' }, 'monitoring', line),
    ),
  ];
  const rows = all.filter(isPriced);
  return {
    name: config.name,
    region: config.region,
    monthlyUsd: sumOf(rows),
    rows,
    free: resources.filter(({ type }) => type in FREE).length,
    notPriced: [
      ...resources
        .filter(({ type }) => !(type in PRICED) && !(type in FREE))
        .map(({ stack, id, type }) => `${stack}/${id} (${type})`),
      ...all
        .filter((row) => !isPriced(row) && row.quantity > 0)
        .map(({ stack, resource, component }) => `${stack}/${resource}, ${component}`),
    ],
  };
}

/**
 * Prices an environment as it is configured and synthesized.
 * @throws Error for a region or an instance class without prices
 */
export function priceEnvironment(name: EnvironmentName, usage?: Usage): EnvironmentPrice {
  return environmentPrice(loadEnvironment(name), synthesizeResources(name), usage);
}

function rowsOf(resource: Resource, pricing: Pricing): Row[] {
  const pricer = PRICED[resource.type];
  return pricer ? pricer.lines(resource, pricing).map((line) => row(resource, pricer.group, line)) : [];
}

function row(
  { stack, id }: Pick<Resource, 'stack' | 'id'>,
  group: Group,
  { assumes, unconfirmed, ...line }: CostLine,
): Row {
  return {
    stack,
    resource: id,
    group,
    ...line,
    usageBased: assumes !== undefined,
    confidence: unconfirmed ? 'unconfirmed' : 'confirmed',
  };
}
