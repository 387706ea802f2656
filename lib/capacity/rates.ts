import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAILY_ROWS, DOCUMENTED_CUSTOMERS_PER_SALON, DOCUMENTED_SALONS, DAYS } from '../benchmark/databases/volumes';
import { crossShardQueries } from './beyond';
import type { BenchReport, TableSize } from '../benchmark/report/report';
import type { LoadRates } from '../config/derived/capacity';

/** What one salon takes, from a benchmark; and what one virtual CPU carries. */
export interface Rates extends LoadRates {
  /** Bytes that a salon adds to tables and indexes in a day. */
  readonly bytesPerSalonDay: number;
  /** Bytes that a salon takes however long it is there: its customers' conversations, its templates. */
  readonly bytesPerSalon: number;
  /** Write-ahead log of a salon and day, bytes. */
  readonly walPerSalonDay: number;
  /** CPU time of a request, seconds; undefined: the machine could not tell. */
  readonly cpuSeconds: number | undefined;
  /** The application's queries that would ask every shard. */
  readonly crossShardQueries: readonly string[];
}

const PUBLISHED = join(__dirname, '../benchmark/bench.json');
const DAY_SECONDS = 86_400;
/** The busiest hour has about an eighth of a day's requests: the salons of the documented workload are open for eleven hours. */
const BUSY_SHARE = 1 / 8;

/**
 * The rates of a benchmark's report that has `load`.
 * @param path default: the published figures
 * @throws Error with a sentence when it cannot be read, or has no load
 */
export function readRates(path: string = PUBLISHED): Rates {
  let report: BenchReport;
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as BenchReport;
  } catch (error) {
    throw new Error(
      `${path} cannot be read as JSON (${error instanceof Error ? error.message : String(error)}); npm run bench -- --load writes one`,
    );
  }
  return ratesOf(report, path);
}

/**
 * What a salon takes, by the figures of a benchmark.
 * @throws Error with a sentence where the load was not measured
 */
export function ratesOf({ scale, rows, sizes, load, machine, collector, patterns }: BenchReport, name: string): Rates {
  if (load?.after.limit === undefined)
    throw new Error(`${name} does not say what load is carried; measure it with npm run bench -- --load`);
  const bytes = (table: string) => total(sizes.after[table]) / (rows[table] ?? NaN);
  const daily = Object.entries(DAILY_ROWS).map(([table, count]) => (count / DOCUMENTED_SALONS) * bytes(table));
  // Each day has its own rows, so they grow with time as the events do.
  const intents = total(sizes.after['intent_analytics']) / (scale * DOCUMENTED_SALONS) / DAYS;
  const requestsPerSalon = load.documentedRate / (scale * DOCUMENTED_SALONS);
  const { request, after } = load;
  return {
    bytesPerSalonDay: daily.reduce((sum, each) => sum + each, 0) + intents,
    bytesPerSalon: DOCUMENTED_CUSTOMERS_PER_SALON * (bytes('conversations') + bytes('ai_conversations')),
    walPerSalonDay: (requestsPerSalon * DAY_SECONDS * request.walBytes) / (24 * BUSY_SHARE),
    requestsPerSalon,
    requestsPerCpu: after.limit! / machine.cpus,
    cpuSeconds: request.cpuMs === undefined ? undefined : request.cpuMs / 1000,
    connections: request.sessions / request.rate,
    crossShardQueries: crossShardQueries(patterns),
    collectorSeconds: collector && collector.passMs / 1000 / (scale * DOCUMENTED_SALONS),
  };
}

/** The text of lib/config/derived/measured-rates.json, from which a deployment takes what its servers carry. */
export function ratesFile(report: BenchReport): string {
  const { requestsPerSalon, requestsPerCpu, connections, collectorSeconds } = ratesOf(report, 'bench.json');
  const rates: LoadRates = { requestsPerSalon, requestsPerCpu, connections, collectorSeconds };
  return `${JSON.stringify(rates, undefined, 2)}\n`;
}

function total(size: TableSize | undefined): number {
  return (size?.tableBytes ?? NaN) + (size?.indexBytes ?? NaN);
}
