import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { createHandler } from '../../../lambda/collector';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { CollectedQuery } from '../../contract/collected-query';
import { COLLECTION_FILE } from '../../contract/files';
import { METRICS_USER } from '../../contract/roles';
import type { Cluster } from '../../local-postgres/cluster';
import { setRolePassword } from '../role-password';
import { LogFilters, readLogFilters } from './log-filters';
import type { StartCollector } from './simulated-monitoring';

/** The deployed collector. */
export interface DeployedCollector {
  /** The queries of its bundle. */
  readonly queries: readonly CollectedQuery[];
  /** Starts it, together with the deployed metric filters over the servers' logs. */
  readonly start: StartCollector;
}

/** Loads the deployed collector. It logs in with a password, where on AWS it uses IAM tokens. */
export async function loadCollector(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  database: string,
): Promise<DeployedCollector> {
  const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createHandler }>('collector');
  const queries = JSON.parse(readFileSync(join(folder, COLLECTION_FILE), 'utf8')) as CollectedQuery[];
  const password = await setRolePassword(cluster, METRICS_USER);
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
    const logs = new LogFilters(readLogFilters(assembly), servers);
    let isFirst = true;
    return async () => {
      // An earlier collector keeps its sessions, of which its role may have only a few. On AWS they are ended as idle.
      if (isFirst) await endSessions(cluster);
      isFirst = false;
      await collect();
      await logs.publish(cloudWatch, now());
    };
  };
  return { queries, start };
}

async function endSessions({ connect, primary, replicas, superuser }: Cluster): Promise<void> {
  for (const server of [primary, ...replicas]) {
    const session = await connect(server, superuser);
    try {
      await session.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [METRICS_USER]);
    } finally {
      await session.end();
    }
  }
}
