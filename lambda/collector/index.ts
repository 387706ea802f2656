import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Signer } from '@aws-sdk/rds-signer';
import { logger } from '../shared/logger';
import { readRdsCa } from '../shared/rds-ca';
import { type CollectedServer, type CollectorSettings, readEnv } from './env';
import { metricData } from './decide';
import { ServerReader } from './read';
import { publish } from './write';

/** Role that the collector logs in as. */
export const METRICS_USER = 'metrics_user';

/** What only AWS can give: replaced in the rehearsal, where the servers and everything else are real. */
export interface CollectorDependencies {
  readonly settings: CollectorSettings;
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
  readonly password: (server: CollectedServer) => Promise<string>;
  readonly now: () => Date;
}

/** A collector: each call asks every server once and publishes what they say. */
export function createHandler(dependencies: CollectorDependencies): () => Promise<void> {
  const { settings, cloudWatch, ca, password, now } = dependencies;
  const readers = settings.servers.map((server) => {
    const login = async () => ({
      database: settings.database,
      user: METRICS_USER,
      password: await password(server),
      ca,
    });
    return new ServerReader(server, login);
  });
  return async () => {
    const timestamp = now();
    const readings = await Promise.all(readers.map((reader) => reader.read()));
    for (const { server, up, reason } of readings) if (!up) logger.warn('server is down', { server, reason });
    await publish(cloudWatch, metricData(readings, settings.environment, timestamp));
  };
}

let collect: (() => Promise<void>) | undefined;

/** Entry point in AWS: the sessions of one invocation serve the next. */
export const handler = (): Promise<void> => {
  collect ??= createHandler(awsDependencies());
  return collect();
};

function awsDependencies(): CollectorDependencies {
  const { caFile, ...settings } = readEnv();
  return {
    settings,
    cloudWatch: new CloudWatchClient({ region: settings.region }),
    ca: readRdsCa(caFile),
    password: ({ host, port }) =>
      new Signer({ hostname: host, port, region: settings.region, username: METRICS_USER }).getAuthToken(),
    now: () => new Date(),
  };
}
