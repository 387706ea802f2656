import { instanceClassOf, vcpusOf } from '../config/aws/instance-classes';
import { capacityOf, IOPS_PER_REQUEST, LARGE_GIB, PASS_SECONDS } from '../config/derived/capacity';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { Rates } from './rates';

/** Bytes of a GiB. */
const GIB = 1024 ** 3;
const DAYS_PER_MONTH = 365 / 12;
/** Storage that is left free, and for WAL, temporary files and bloat: RDS grows the volume when a tenth is free. */
const FREE_SHARE = 0.3;
/** The most that a DB instance can have (RDS User Guide, "gp3 storage"). */
const MOST_GIB = 65_536;
const MOST_IOPS = 64_000;
/** The largest class of the family that is searched for. */
const SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'];

/** What is needed in one month. */
export interface Need {
  readonly month: number;
  readonly salons: number;
  /** Tables, indexes and free space. */
  readonly storageGib: number;
  /** Of the tables and indexes alone. */
  readonly dataGib: number;
  readonly walGibPerDay: number;
  /** Requests a second in the busy time. */
  readonly requests: number;
  readonly iops: number;
  readonly connections: number;
  /** Of a pass of the collector, seconds; undefined: not measured. */
  readonly collectorSeconds: number | undefined;
  /** The class that carries the requests: the configured one or a larger one of its family; undefined: none does. */
  readonly instanceClass: string | undefined;
}

/** What is asked about. */
export interface Growth {
  readonly salons: number;
  /** Percent a month. */
  readonly growth: number;
  readonly months: number;
}

/**
 * What an environment needs, month by month; the first is today with a month of data.
 * @param configured the class of today: none that is smaller is named, because memory is not forecast
 */
export function forecast({ salons, growth, months }: Growth, rates: Rates, configured: string): Need[] {
  const needs: Need[] = [];
  let grown = 0;
  for (let month = 0; month < months; month++) {
    const now = salons * (1 + growth / 100) ** month;
    grown += now * rates.bytesPerSalonDay * DAYS_PER_MONTH;
    needs.push(need(month, now, grown + now * rates.bytesPerSalon, rates, configured));
  }
  return needs;
}

function need(month: number, salons: number, bytes: number, rates: Rates, configured: string): Need {
  const [family = '', size = ''] = configured.split('.');
  const requests = salons * rates.requestsPerSalon;
  return {
    month,
    salons: Math.round(salons),
    dataGib: bytes / GIB,
    storageGib: bytes / GIB / (1 - FREE_SHARE),
    walGibPerDay: (salons * rates.walPerSalonDay) / GIB,
    requests,
    iops: requests * IOPS_PER_REQUEST,
    connections: requests * rates.connections,
    collectorSeconds: rates.collectorSeconds && rates.collectorSeconds * salons,
    instanceClass: [configured, ...SIZES.slice(SIZES.indexOf(size) + 1).map((larger) => `${family}.${larger}`)].find(
      (name) => instanceClassOf(name) && vcpusOf(name) * rates.requestsPerCpu >= requests,
    ),
  };
}

/** A limit that is reached. */
export interface Limit {
  readonly month: number;
  readonly salons: number;
  /** What is needed, and what there is. */
  readonly what: string;
  /** The line of the configuration that lifts it, or what comes next. */
  readonly lift: string;
}

/** One limit: whether a month reaches it. */
interface Check {
  readonly reached: (need: Need) => boolean;
  readonly what: (need: Need) => string;
  readonly lift: (need: Need) => string;
}

/** The first month in which each limit of an environment is reached, in their order. */
export function limitsOf(needs: readonly Need[], config: EnvironmentConfig, rates: Rates): Limit[] {
  const last = needs.at(-1);
  return checksOf(config, rates)
    .flatMap(({ reached, what, lift }) => {
      const first = needs.find(reached);
      // What lifts a limit should do so until the end of the time that was asked about.
      return first && last ? [{ month: first.month, salons: first.salons, what: what(first), lift: lift(last) }] : [];
    })
    .sort((a, b) => a.month - b.month);
}

function checksOf(config: EnvironmentConfig, rates: Rates): Check[] {
  const { database } = config;
  const { requests: carried, connections: pool, iops } = capacityOf(config, rates);
  const ceiling = database.maxAllocatedStorageGiB;
  const gib = (value: number) => `${Math.ceil(value).toLocaleString('en')} GiB`;
  const count = (value: number) => Math.ceil(value).toLocaleString('en');
  return [
    {
      reached: ({ storageGib }) => storageGib > ceiling,
      what: ({ storageGib }) => `storage: ${gib(storageGib)}, the ceiling is ${gib(ceiling)}`,
      lift: ({ storageGib }) =>
        storageGib > MOST_GIB
          ? `maxAllocatedStorageGiB: ${MOST_GIB}, the most there is; drop old months of webhook_logs (partitions) or go beyond one primary`
          : `maxAllocatedStorageGiB: ${roundUp(storageGib)} (from ${LARGE_GIB} GiB on gp3 has 12,000 IOPS at no extra price)`,
    },
    {
      reached: ({ requests }) => requests > carried,
      what: ({ requests }) =>
        `CPU: ${count(requests)} requests a second, ${database.instanceClass} carries ${count(carried)} within p95 100 ms`,
      lift: ({ instanceClass }) =>
        instanceClass ? `instanceClass: '${instanceClass}'` : 'no class carries it: go beyond one primary',
    },
    {
      reached: ({ connections }) => connections > pool,
      what: ({ connections }) => `connections: ${count(connections)} busy at a time, the pool has ${count(pool)}`,
      lift: ({ connections }) =>
        `maxConnections: ${roundUp((connections * database.maxConnections) / pool)}, as far as memory goes`,
    },
    {
      reached: (each) => each.iops > iops,
      what: (each) => `IOPS: about ${count(each.iops)} (estimated), gp3 has ${count(iops)}`,
      lift: (each) =>
        each.iops > MOST_IOPS
          ? `no gp3 volume has over ${count(MOST_IOPS)} IOPS: go beyond one primary`
          : each.iops > 12_000
            ? `iops: ${roundUp(each.iops)}, on a volume of at least ${LARGE_GIB} GiB`
            : `allocatedStorageGiB: ${LARGE_GIB}: gp3 then has 12,000 IOPS`,
    },
    {
      reached: ({ storageGib }) => storageGib > MOST_GIB,
      what: ({ storageGib }) => `storage: ${gib(storageGib)}, RDS has ${gib(MOST_GIB)} at most`,
      lift: () => 'beyond one primary',
    },
    {
      reached: ({ collectorSeconds = 0 }) => collectorSeconds > PASS_SECONDS,
      what: ({ collectorSeconds = 0 }) => `the collector: a pass takes ${count(collectorSeconds)} s of a minute`,
      lift: () => 'longer cache_seconds in lib/monitoring/custom-queries.yaml',
    },
  ];
}

/** To two digits. */
function roundUp(value: number): number {
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / digit) * digit;
}
