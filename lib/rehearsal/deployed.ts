import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import { COLLECTION_FILE } from '../contract/files';
import type { createHandler as createCollector } from '../../lambda/collector';
import type { createHandler as createMigrate } from '../../lambda/migrate';
import { type CollectedQuery } from '../contract/collected-query';
import type { EnvironmentAssembly } from '../assembly/environment-assembly';
import { type LogFilter, LogFilters } from './alarms/log-filters';
import type { Cluster } from '../local-postgres/cluster';
import type { StartCollector } from './alarms/watch';

/** Runs the deployed migration function, with local secrets in place of Secrets Manager. Returns the names of what it applied. */
export async function migrate(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  database: string,
  appPassword: string,
): Promise<string[]> {
  const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createMigrate }>('migrate');
  const { host, port } = cluster.primary;
  const secrets: Record<string, { username: string; password: string }> = {
    master: { username: cluster.master.user, password: cluster.master.password },
    application: { username: 'app_user', password: appPassword },
  };
  const handler = module.createHandler({
    settings: {
      masterSecretArn: 'master',
      appSecretArn: 'application',
      database,
      migrationsFolder: join(folder, 'migrations'),
    },
    readSecret: (arn) => {
      const secret = secrets[arn];
      return secret ? Promise.resolve({ ...secret, host, port }) : Promise.reject(new Error(`no secret ${arn}`));
    },
    ca: cluster.ca,
  });
  return (await handler()).applied;
}

/** The deployed collector. */
export interface DeployedCollector {
  /** What it asks. */
  readonly queries: readonly CollectedQuery[];
  /** Starts one, with the deployed metric filters over the servers' logs beside it. */
  readonly start: StartCollector;
}

/** Loads the deployed collector, and lets it log in with a password where RDS takes IAM tokens. */
export async function loadCollector(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  database: string,
): Promise<DeployedCollector> {
  const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createCollector }>('collector');
  const queries = JSON.parse(readFileSync(join(folder, COLLECTION_FILE), 'utf8')) as CollectedQuery[];
  const password = await setPassword(cluster, 'metrics_user');
  const servers = [cluster.primary, ...cluster.replicas];
  const start: StartCollector = (cloudWatch, now) => {
    const collect = module.createHandler({
      settings: {
        environment: assembly.environment,
        database,
        region: 'local',
        servers: servers.map(({ name, host, port }) => ({ name, host, port })),
      },
      queries,
      cloudWatch,
      ca: cluster.ca,
      password: () => Promise.resolve(password),
      now,
    });
    const logs = new LogFilters(logFilters(assembly), servers);
    return async () => {
      await collect();
      await logs.publish(cloudWatch, now());
    };
  };
  return { queries, start };
}

/** Gives a role a new password where RDS takes IAM tokens. Returns it once the replicas know it too. */
export async function setPassword({ connect, primary, replicas, superuser }: Cluster, role: string): Promise<string> {
  const password = randomBytes(24).toString('hex');
  const admin = await connect(primary);
  try {
    await admin.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(password)}`);
    const { rows } = await admin.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
    for (const replica of replicas) {
      const session = await connect(replica, superuser);
      try {
        while (!(await hasReplayed(session, rows[0]?.lsn ?? ''))) await sleep(20);
      } finally {
        await session.end();
      }
    }
  } finally {
    await admin.end();
  }
  return password;
}

async function hasReplayed(session: Awaited<ReturnType<Cluster['connect']>>, lsn: string): Promise<boolean> {
  const { rows } = await session.query<{ replayed: boolean }>('SELECT pg_last_wal_replay_lsn() >= $1 AS replayed', [
    lsn,
  ]);
  return rows[0]?.replayed === true;
}

/** The metric filters of the assembly, each once: on AWS there is one for each server's log group. */
function logFilters(assembly: EnvironmentAssembly): LogFilter[] {
  const filters = assembly.ofType('AWS::Logs::MetricFilter').map(({ properties }): LogFilter => {
    const [transformation] = properties['MetricTransformations'] as { MetricNamespace: string; MetricName: string }[];
    return {
      pattern: String(properties['FilterPattern']),
      namespace: transformation?.MetricNamespace ?? '',
      metricName: transformation?.MetricName ?? '',
    };
  });
  return filters.filter(
    ({ metricName }, index) => filters.findIndex((other) => other.metricName === metricName) === index,
  );
}
