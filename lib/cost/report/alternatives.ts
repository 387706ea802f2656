import type { EnvironmentConfig } from '../../config/schema/environment';
import { formatDollars } from '../../shared/formats';
import { HOURS_PER_MONTH, lineAt, sumOf } from '../cost-line';
import type { EnvironmentPrice, Row } from '../environment-price';
import { type PriceList, priceListOf } from '../prices';

/** Discounts on the price of servers. */
const DISCOUNT = {
  /** A year without prepayment: 29.6 to 33 % are quoted (unconfirmed for these classes). */
  reserved: 0.3,
  /** Database Savings Plan, a year: "up to 20 %" for instances of generation 7 and later. */
  savingsPlan: 0.2,
};

/** A way to pay less. */
export interface Saving {
  readonly what: string;
  /** US dollars a month. */
  readonly monthlyUsd: number;
  readonly risk: string;
  /** Whether nobody could confirm a price or discount that it rests on. */
  readonly unconfirmed?: boolean;
}

/** Ways to pay less for an environment, each by itself; the largest first. */
export function savingsOf(
  price: EnvironmentPrice,
  config: EnvironmentConfig,
  prices: PriceList = priceListOf(config.region),
): Saving[] {
  const servers = price.rows.filter(
    ({ group, component }) => group === 'servers' && component.startsWith('instance, '),
  );
  const sum = (rows: readonly Row[]) => rows.reduce((total, { monthlyUsd }) => total + monthlyUsd, 0);
  const found: (Saving | undefined)[] = [
    {
      what: 'reserve the servers for a year, without prepayment (30 %)',
      monthlyUsd: sum(servers) * DISCOUNT.reserved,
      unconfirmed: true,
      risk: 'paid for a year even if the class is changed or the environment is deleted',
    },
    newerGeneration(servers, prices),
    oneReplicaLess(price, config),
    smallerReplicas(config, prices),
    natForEndpoints(price, prices),
    twoSmallNodes(price, config, prices),
  ];
  return found
    .filter((saving) => saving !== undefined && saving.monthlyUsd > 0)
    .map((saving) => saving!)
    .sort((a, b) => b.monthlyUsd - a.monthlyUsd);
}

/** r7g costs more an hour than r6g, but a savings plan applies to it. */
function newerGeneration(servers: readonly Row[], prices: PriceList): Saving | undefined {
  const replaced = servers.map((row) => {
    const [, family, size, multiAz] = /^instance, ([mr])6g\.(\w+)(, Multi-AZ)?$/.exec(row.component) ?? [];
    const path = `rds/instanceHour${multiAz ? 'MultiAz' : ''}/${family}7g.${size}`;
    return family !== undefined && prices.has(path) ? prices.of(path) : undefined;
  });
  const known = replaced.flatMap((price) => price ?? []);
  if (servers.length === 0 || known.length < servers.length) return undefined;
  const now = servers.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  const list = known.reduce((sum, { each }) => sum + each * HOURS_PER_MONTH, 0);
  const then = list * (1 - DISCOUNT.savingsPlan);
  return {
    what: 'servers of the next Graviton generation with a Database Savings Plan of a year (20 %)',
    monthlyUsd: now - then,
    risk: 'a restart for the new class; the plan is paid for a year, but moves with the class',
    unconfirmed: known.some(({ unconfirmed }) => unconfirmed),
  };
}

function oneReplicaLess({ rows }: EnvironmentPrice, { replicas }: EnvironmentConfig): Saving | undefined {
  const last = replicas.length;
  if (last === 0) return undefined;
  return {
    what: `${last === 1 ? 'no replica' : `${last - 1} replica(s) instead of ${last}`}`,
    monthlyUsd: sumOf(rows.filter(({ group, resource }) => group === 'servers' && resource.includes(`Replica${last}`))),
    risk:
      last === 1
        ? 'reads go to the primary, and nothing can be promoted when its region’s zones fail together'
        : 'while one replica is rebuilt all reads are on the other',
  };
}

/** Half the size, where it has a price. */
function smallerReplicas({ database, replicas }: EnvironmentConfig, prices: PriceList): Saving | undefined {
  const smaller: Readonly<Record<string, string>> = { '2xlarge': 'xlarge', xlarge: 'large' };
  const saved = replicas.map(({ instanceClass = database.instanceClass }) => {
    const [family, size = ''] = instanceClass.split('.');
    const [path, half] = [instanceClass, `${family}.${smaller[size]}`].map((name) => `rds/instanceHour/${name}`);
    return prices.has(path!) && prices.has(half!)
      ? (prices.of(path!).each - prices.of(half!).each) * HOURS_PER_MONTH
      : 0;
  });
  return {
    what: 'replicas of half the size',
    monthlyUsd: saved.reduce((sum, each) => sum + each, 0),
    risk: 'a promoted replica carries half of the load until it is resized, which takes a restart',
  };
}

/** NAT gateways pay only where they are there anyway: otherwise one in each zone costs more than the endpoints. */
function natForEndpoints({ rows }: EnvironmentPrice, prices: PriceList): Saving | undefined {
  if (!prices.has('vpc/natHour')) return undefined;
  const endpoints = rows.filter(({ component }) => component.startsWith('interface endpoint'));
  const natHours = prices.of('vpc/natHour').each * HOURS_PER_MONTH;
  const hasNat = rows.some(({ component }) => component === 'NAT gateway');
  return {
    what: hasNat
      ? 'no interface endpoints, because there is a NAT gateway'
      : 'one NAT gateway instead of the endpoints',
    monthlyUsd: sumOf(endpoints) - (hasNat ? 0 : natHours),
    risk: 'functions reach AWS over the internet; with one gateway only while its zone is up; $0.045 a GB',
  };
}

/** Two of the largest burstable nodes in place of one of another type: less memory, and a node may be lost. */
function twoSmallNodes(
  { rows }: EnvironmentPrice,
  { cache }: EnvironmentConfig,
  prices: PriceList,
): Saving | undefined {
  const path = 'elastiCache/valkeyNodeHour/t4g.medium';
  if (cache?.nodes !== 1 || !prices.has(path)) return undefined;
  const nodes = rows.filter(({ component }) => component.startsWith('node, '));
  return {
    what: 'two nodes t4g.medium for the cache instead of one',
    monthlyUsd: sumOf(nodes) - 2 * HOURS_PER_MONTH * prices.of(path).each,
    risk: '3 GiB and a processor that bursts; in return the cache survives the loss of a node or zone',
    unconfirmed: nodes.some(({ confidence }) => confidence === 'unconfirmed'),
  };
}

/** A bill beside another one. */
export interface ComparedBill {
  readonly lines: readonly (readonly [
    what: string,
    said: number | undefined,
    /** Undefined: it costs something, and nobody can say how much. */
    isUsd: number | undefined,
    note: string,
  ])[];
  readonly said: number;
  /** Without what is not priced. */
  readonly isUsd: number;
}

/** The owner's table of $1,059 for production, recomputed at today's prices with what it left out. */
export function ownersBill(): ComparedBill {
  const prices = priceListOf('us-east-1');
  const line = lineAt(prices);
  const server = line('', HOURS_PER_MONTH, 'hours', 'rds/instanceHour/r6g.xlarge').monthlyUsd;
  const multiAz = line('', HOURS_PER_MONTH, 'hours', 'rds/instanceHourMultiAz/r6g.xlarge').monthlyUsd;
  const storage =
    line('', 100, 'GB', 'rds/gp3GbMonthMultiAz').monthlyUsd + line('', 200, 'GB', 'rds/gp3GbMonth').monthlyUsd;
  const lines: ComparedBill['lines'] = [
    ['primary, r6g.xlarge', 290, multiAz, 'the owner asks for Multi-AZ, and priced one server'],
    ['two replicas, r6g.xlarge', 580, 2 * server, ''],
    ['storage, 3 × 100 GB', undefined, storage, 'not in the table; Multi-AZ keeps two copies'],
    [
      'backups, 500 GB',
      12,
      line('', 500, 'GB', 'rds/backupGbMonth').monthlyUsd,
      'priced as S3; RDS keeps them as snapshots, here in full',
    ],
    ['Redis, r6g.large', 157, line('', HOURS_PER_MONTH, 'hours', 'elastiCache/redisNodeHour/r6g.large').monthlyUsd, ''],
    ['CloudWatch', 20, 20, 'as the owner has it'],
    [
      'pooling: RDS Proxy',
      undefined,
      line('', 4 * HOURS_PER_MONTH, 'vCPU-hours', 'rds/proxyVcpuHour').monthlyUsd,
      'not in the table',
    ],
  ];
  return withSums(lines);
}

/** The owner's self-hosted alternative of $582, with what it leaves out. */
export function selfHostedBill(): ComparedBill {
  const line = lineAt(priceListOf('us-east-1'));
  return withSums([
    ['three r6g.xlarge', 552, 3 * line('', HOURS_PER_MONTH, 'hours', 'ec2/instanceHour/r6g.xlarge').monthlyUsd, ''],
    ['300 GB of gp3', 24, line('', 300, 'GB', 'ec2/gp3GbMonth').monthlyUsd, ''],
    ['backups, 500 GB in S3', 6, line('', 500, 'GB', 's3/infrequentGbMonth').monthlyUsd, ''],
    [
      'a standby as Multi-AZ has',
      undefined,
      line('', HOURS_PER_MONTH, 'hours', 'ec2/instanceHour/r6g.xlarge').monthlyUsd,
      'not in the table',
    ],
    [
      'failover, backups, patches, monitoring, someone on call',
      undefined,
      undefined,
      'not in the table: the work of people; your hours at your rate',
    ],
  ]);
}

function withSums(lines: ComparedBill['lines']): ComparedBill {
  return {
    lines,
    said: lines.reduce((sum, [, said]) => sum + (said ?? 0), 0),
    isUsd: lines.reduce((sum, [, , is]) => sum + (is ?? 0), 0),
  };
}

/** Savings and compared bills for the console. */
export function alternativesText(price: EnvironmentPrice, config: EnvironmentConfig, prices?: PriceList): string {
  return [
    `What would make ${price.name} cheaper, each by itself:`,
    ...savingsOf(price, config, prices).map(
      ({ what, monthlyUsd, risk, unconfirmed }) =>
        `  ${formatDollars(monthlyUsd).padStart(10)}${unconfirmed ? '?' : ' '} ${what}. Risk: ${risk}`,
    ),
  ].join('\n');
}

/** The owner's bills, for the console. */
export function ownersBillsText(): string {
  const table = (title: string, { lines, said, isUsd }: ComparedBill) => [
    title,
    ...lines.map(
      ([what, claimed, is, note]) =>
        `  ${what.padEnd(56)}${(claimed === undefined ? '-' : formatDollars(claimed)).padStart(10)}${(is === undefined ? 'not priced' : formatDollars(is)).padStart(12)}${note && `  ${note}`}`,
    ),
    `  ${(lines.some(([, , is]) => is === undefined) ? 'sum of what is priced' : 'sum').padEnd(56)}${formatDollars(said).padStart(10)}${formatDollars(isUsd).padStart(12)}`,
  ];
  return [
    ...table("The owner's table for production, and at today's prices:", ownersBill()),
    ...table('The self-hosted alternative of the same document:', selfHostedBill()),
  ].join('\n');
}
