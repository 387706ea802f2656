import { readFileSync } from 'node:fs';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Signer } from '@aws-sdk/rds-signer';
import type { CollectedQuery } from '../../lib/contract/collected-query';
import type { OwnMetric } from '../../lib/contract/metrics';
import { METRICS_USER } from '../../lib/contract/roles';
import { WORST_SALONS_MESSAGE } from '../../lib/contract/worst-salons';
import { logger } from '../shared/logger';
import { publish, PUBLISHER_CLIENT } from '../shared/publish';
import { readRdsCa } from '../shared/rds-ca';
import { type CollectedServer, type CollectorSettings, readEnv } from './env';
import { decide, type LastValues } from './decide';
import { ServerReader, type ServerReading } from './read';
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
  let last: LastValues = new Map();
  return async () => {
    const timestamp = now();
    const readings = await Promise.all(readers.map((reader) => reader.read(timestamp)));
    const decision = decide(readings, queries, last);
    last = decision.last;
    logReadings(readings, queries);
    // Published last: it proves that everything before it was published.
    const passes = { metric: 'collector_passes' satisfies OwnMetric, values: [1] };
    await publish(cloudWatch, [...decision.series, passes], settings.environment, timestamp);
    failOnFailures(readings);
  };
}

function logReadings(readings: readonly ServerReading[], queries: readonly CollectedQuery[]): void {
  for (const reading of readings) {
    if (!reading.up) logger.warn('server is down', { server: reading.server, reason: reading.reason });
    else for (const failure of reading.failures) logger.warn('query failed', { server: reading.server, ...failure });
  }
  logger.info(WORST_SALONS_MESSAGE, { worst: worstSalons(readings, queries) });
}

function failOnFailures(readings: readonly ServerReading[]): void {
  const failures = readings.flatMap((reading) =>
    reading.up ? reading.failures.map(({ query, reason }) => `${query} on ${reading.server} (${reason})`) : [],
  );
  if (failures.length > 0) throw new Error(`failed: ${failures.join(', ')}; everything else was published`);
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
