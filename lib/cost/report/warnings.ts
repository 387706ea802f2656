import type { EnvironmentConfig } from '../../config/schema/environment';
import { formatDollars } from '../../shared/formats';
import { DAYS_PER_MONTH, HOURS_PER_MONTH, sumOf } from '../cost-line';
import type { EnvironmentPrice } from '../environment-price';
import { type PriceList, priceListOf } from '../prices';
import { isPrimary } from '../pricers/servers';
import type { Resource } from '../resources';
import { vcpusOf } from '../../config/aws/instance-classes';

/** A price list that is older may be wrong. */
const OLDEST_PRICES_DAYS = 6 * DAYS_PER_MONTH;
/** Extended Support of PostgreSQL 15 begins (AWS price list). A server that does not opt out pays it; one that does is upgraded by RDS. */
const EXTENDED_SUPPORT = { major: '15', begins: '2028-03-01' };
const DAY_MS = 86_400_000;
/** Dimensions of which there are as many as customers. */
const PER_TENANT = /salon|tenant/i;

/** What a person should know before trusting the bill, or what makes it larger than need be. Sentences. */
export function warnings(
  price: EnvironmentPrice,
  config: EnvironmentConfig,
  resources: readonly Resource[],
  now: Date,
  prices: PriceList = priceListOf(config.region),
): string[] {
  const { name } = price;
  const ageDays = (now.getTime() - Date.parse(prices.collected)) / DAY_MS;
  const primaries = resources.filter(isPrimary);
  const advanced = primaries.filter(({ properties }) => properties['DatabaseInsightsMode'] !== 'standard');
  const unconfirmed = price.rows.filter(({ confidence }) => confidence === 'unconfirmed');
  const perTenant = resources.filter(({ properties }) => hasTenantDimension(properties));
  return [
    ...(ageDays > OLDEST_PRICES_DAYS
      ? [`the prices are ${Math.floor(ageDays)} days old; look them up again (lib/cost/prices.${config.region}.json)`]
      : []),
    ...advanced.map(
      ({ id }) =>
        `${name}: ${id} does not say that Database Insights is standard; advanced costs $9.13 a virtual CPU and month`,
    ),
    ...(config.database.engineVersion.startsWith(`${EXTENDED_SUPPORT.major}.`) &&
    prices.has('rds/extendedSupportVcpuHour')
      ? [extendedSupport(config, primaries, prices.of('rds/extendedSupportVcpuHour').each)]
      : []),
    ...perTenant.map(
      ({ id }) => `${name}: ${id} has a dimension for each salon; each salon then is a series of $0.30 a month`,
    ),
    ...(unconfirmed.length > 0
      ? [`${name}: ${formatDollars(sumOf(unconfirmed))} of it are at prices that nobody could confirm (marked ?)`]
      : []),
    ...price.notPriced.map((resource) => `${name}: ${resource} is not priced; it may cost something`),
  ];
}

function extendedSupport(
  { name, replicas, database }: EnvironmentConfig,
  primaries: readonly Resource[],
  each: number,
): string {
  const optsOut = primaries.every(
    ({ properties }) => properties['EngineLifecycleSupport'] === 'open-source-rds-extended-support-disabled',
  );
  const vcpus = [database.instanceClass, ...replicas.map((replica) => replica.instanceClass ?? database.instanceClass)]
    .map(vcpusOf)
    .reduce((sum, each) => sum + each, 0);
  return optsOut
    ? `${name}: standard support of PostgreSQL ${EXTENDED_SUPPORT.major} ends before ${EXTENDED_SUPPORT.begins}; extended support is off, so RDS upgrades the servers then`
    : `${name}: from ${EXTENDED_SUPPORT.begins} on extended support of PostgreSQL ${EXTENDED_SUPPORT.major} adds ${formatDollars(vcpus * HOURS_PER_MONTH * each)} a month; upgrade before`;
}

function hasTenantDimension(properties: Readonly<Record<string, unknown>>): boolean {
  const text = JSON.stringify([
    properties['Dimensions'],
    ...((properties['MetricTransformations'] ?? []) as { Dimensions?: unknown }[]).map(({ Dimensions }) => Dimensions),
  ]);
  return PER_TENANT.test(text);
}
