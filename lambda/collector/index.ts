import { readFileSync } from 'node:fs';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Signer } from '@aws-sdk/rds-signer';
import type { CollectedQuery } from '../../lib/contract/collected-query';
import type { OwnMetric } from '../../lib/contract/metrics';
import { METRICS_USER } from '../../lib/contract/roles';
import { WORST_SALONS_MESSAGE } from '../../lib/contract/worst-salons';
import { logger } from '../shared/logger';
import type { SeriesValues } from '../shared/metric-data';
import { publish, PUBLISHER_CLIENT } from '../shared/publish';
import { readRdsCa } from '../shared/rds-ca';
import { type CollectedServer, type CollectorSettings, readEnv } from './env';
import { decide, type Decision, primaryOf } from './decide';
import { rowsToLog } from './logged-rows';
import { type AnsweringServer, type QueryFailure, ServerReader, type ServerReading } from './read';
import { STATE_TABLE } from './state';
import { worstSalons } from './worst-salons';

/** Settings, log-ins, CloudWatch and clock. The rehearsal replaces what only AWS has; its servers are real. */
interface CollectorDependencies {
  readonly settings: CollectorSettings;
  /** The queries to run, and the columns to publish. */
  readonly queries: readonly CollectedQuery[];
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
  /** Password of METRICS_USER on a server; on AWS an IAM token. */
  readonly password: (server: CollectedServer) => Promise<string>;
  readonly now: () => Date;
}

/** A query or table that failed in a pass. */
interface Failure extends QueryFailure {
  readonly server: string;
}

/**
 * Creates a collector. Each call queries every server once and publishes the values. When a query fails, the call publishes everything
 * else and then fails, so that the function's error metric shows it.
 */
export function createHandler(dependencies: CollectorDependencies): () => Promise<void> {
  const { settings, queries, cloudWatch, ca, password, now } = dependencies;
  const readers = settings.servers.map((server) => {
    const login = async () => ({
      database: settings.database,
      user: METRICS_USER,
      password: await password(server),
      ca,
    });
    return new ServerReader(server, queries, login);
  });
  /** Counted in an earlier pass, which could not publish it. */
  let unpublished: readonly SeriesValues[] = [];
  return async () => {
    const timestamp = now();
    const readings = await Promise.all(readers.map((reader) => reader.read(timestamp)));
    const primary = primaryOf(readings);
    const decision = decide(readings, queries, primary?.stored?.state ?? {});
    const kept = await keep(decision, primary, primary && readers[readings.indexOf(primary)]);
    const failures = [...failuresOf(readings), ...kept.failures];
    log(readings, failures, queries);
    for (const { message, fields } of rowsToLog(readings, timestamp)) logger.info(message, { ...fields });
    const failed = { metric: 'collector_failed_queries' satisfies OwnMetric, values: [failures.length] };
    // Published last: it proves that everything before it was published.
    const passes = { metric: 'collector_passes' satisfies OwnMetric, values: [1] };
    unpublished = [...unpublished, ...kept.counted];
    await publish(cloudWatch, [...decision.series, failed, ...unpublished, passes], settings.environment, timestamp);
    unpublished = [];
    failOn(failures);
  };
}

/**
 * Keeps the state of a pass on the primary, before what was counted is published: so two collectors never publish the same increase. What
 * cannot be kept is counted again by the next pass.
 */
async function keep(
  { counted, state }: Decision,
  primary: AnsweringServer | undefined,
  reader: ServerReader | undefined,
): Promise<{ readonly counted: readonly SeriesValues[]; readonly failures: readonly Failure[] }> {
  if (!primary?.stored || !reader) return { counted: [], failures: [] };
  const outcome = await reader.remember(primary.stored.version, state);
  if (!outcome.failed) return { counted: outcome.value ? counted : [], failures: [] };
  return { counted: [], failures: [{ server: primary.server, query: STATE_TABLE, reason: outcome.reason }] };
}

function failuresOf(readings: readonly ServerReading[]): Failure[] {
  return readings.flatMap((reading) =>
    reading.up ? reading.failures.map((failure) => ({ server: reading.server, ...failure })) : [],
  );
}

function log(
  readings: readonly ServerReading[],
  failures: readonly Failure[],
  queries: readonly CollectedQuery[],
): void {
  for (const reading of readings) {
    if (!reading.up) logger.warn('server is down', { server: reading.server, reason: reading.reason });
  }
  for (const failure of failures) logger.warn('query failed', { ...failure });
  logger.info(WORST_SALONS_MESSAGE, { worst: worstSalons(readings, queries) });
}

function failOn(failures: readonly Failure[]): void {
  const named = failures.map(({ query, server, reason }) => `${query} on ${server} (${reason})`);
  if (named.length > 0) throw new Error(`failed: ${named.join(', ')}; everything else was published`);
}

let collect: (() => Promise<void>) | undefined;

/** Entry point in AWS. Sessions are kept from one invocation to the next. */
export const handler = (): Promise<void> => {
  collect ??= createHandler(awsDependencies());
  return collect();
};

function awsDependencies(): CollectorDependencies {
  const { caFile, collectionFile, ...settings } = readEnv();
  return {
    settings,
    queries: JSON.parse(readFileSync(collectionFile, 'utf8')) as CollectedQuery[],
    cloudWatch: new CloudWatchClient({ region: settings.region, ...PUBLISHER_CLIENT }),
    ca: readRdsCa(caFile),
    password: ({ host, port }) =>
      new Signer({ hostname: host, port, region: settings.region, username: METRICS_USER }).getAuthToken(),
    now: () => new Date(),
  };
}
