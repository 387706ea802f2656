import type { EnvironmentConfig } from '../schema/environment';
import { vcpusOf } from '../aws/instance-classes';
import measured from './measured-rates.json';

/** What the load of a salon takes of a server, by a benchmark. */
export interface LoadRates {
  /** Requests a second of a salon in the busy time. */
  readonly requestsPerSalon: number;
  /** Requests a second of one virtual CPU until p95 passes the goal. */
  readonly requestsPerCpu: number;
  /** Server connections that are busy at a time, for each request a second. */
  readonly connections: number;
  /** Time of a pass of the collector for each salon, seconds. Default: not measured. */
  readonly collectorSeconds?: number | undefined;
}

/** What the servers of an environment carry. */
export interface Capacity {
  /** Requests a second within the goal for p95. */
  readonly requests: number;
  /** Connections that may be busy at a time. */
  readonly connections: number;
  readonly iops: number;
}

/** Writes and reads of the volume for a request: its commit, and about one page. An estimate: it was not measured. */
export const IOPS_PER_REQUEST = 2;
/** From this size on gp3 has 12,000 IOPS instead of 3,000 (RDS User Guide, "gp3 storage"). */
export const LARGE_GIB = 400;
/** A pass of the collector should end well before the next one begins, seconds. */
export const PASS_SECONDS = 30;

/** What the servers of an environment carry, by the rates of a benchmark. */
export function capacityOf(
  { database, proxy }: Pick<EnvironmentConfig, 'database' | 'proxy'>,
  { requestsPerCpu }: Pick<LoadRates, 'requestsPerCpu'>,
): Capacity {
  return {
    requests: vcpusOf(database.instanceClass) * requestsPerCpu,
    connections: proxy ? (database.maxConnections * proxy.maxConnectionsPercent) / 100 : database.maxConnections,
    iops: database.iops ?? (database.maxAllocatedStorageGiB < LARGE_GIB ? 3000 : 12_000),
  };
}

/** A limit of an environment, as a number of salons. */
export interface SalonLimit {
  /** Such as `CPU`. */
  readonly what: string;
  readonly salons: number;
}

/**
 * How many salons each limit allows, the lowest first. Storage is not among them: it depends on how long the salons have been there.
 * @param rates default: those of the published benchmark (measured-rates.json, which `npm run update` writes)
 */
export function salonLimits(
  config: Pick<EnvironmentConfig, 'database' | 'proxy'>,
  rates: LoadRates = measured,
): SalonLimit[] {
  const { requests, connections, iops } = capacityOf(config, rates);
  const { requestsPerSalon, collectorSeconds } = rates;
  return [
    { what: 'CPU', salons: requests / requestsPerSalon },
    { what: 'connections', salons: connections / (requestsPerSalon * rates.connections) },
    { what: 'IOPS', salons: iops / (requestsPerSalon * IOPS_PER_REQUEST) },
    ...(collectorSeconds === undefined ? [] : [{ what: 'the collector', salons: PASS_SECONDS / collectorSeconds }]),
  ]
    .map(({ what, salons }) => ({ what, salons: Math.floor(salons) }))
    .sort((a, b) => a.salons - b.salons);
}
