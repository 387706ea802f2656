import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as databases from '../benchmark/databases/databases';
import { utcText, volumesOf } from '../benchmark/databases/volumes';
import { loadEnvironment } from '../config';
import { APP_USER, READONLY_USER } from '../contract/roles';
import type { Address, Cluster, Login } from '../local-postgres/cluster';
import { startPooler } from '../local-postgres/pgbouncer';
import { migrate } from './deployed-migration';
import type { RehearsalOptions } from './rehearse';
import { startServers, synthesize } from './servers';
import { randomPassword, setRolePassword } from './role-password';
import { Steps } from './steps';

/** Share of the documented workload that the sample data are: 10 salons with 30,000 messages. */
const SCALE = 0.01;
const CHECK_MS = 1000;

/** Addresses of servers to develop against. */
export interface KeptServers {
  /** Addresses with user and password, in the form that psql and Prisma take; each verifies the server's certificate. */
  readonly urls: Readonly<Record<string, string>>;
  /** Number of rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Starts the environment's servers, migrates them with the deployed function, fills them with sample data, and waits for as long as they
 * run.
 * @param onReady receives their addresses
 * @throws Error that names the step which cannot be carried out; when a server ends, with the last lines of its log
 */
export async function keepServers(
  options: Omit<RehearsalOptions, 'restoreSizeGb'>,
  onReady: (servers: KeptServers) => void,
): Promise<never> {
  const { environment, folder, onProgress } = options;
  const { databaseName } = loadEnvironment(environment).database;
  const steps = new Steps(onProgress);
  const application: Login = { user: APP_USER, password: randomPassword() };

  const assembly = await steps.run(`synthesizing ${environment}`, () => synthesize(options));
  const cluster = await steps.run('starting the servers', () => startServers(assembly, options));
  await steps.run('migrating', () => migrate(assembly, cluster, databaseName, application.password));
  const rows = await steps.run('loading sample data', () =>
    databases.load(cluster, volumesOf(SCALE), utcText(new Date()), () => undefined, databaseName),
  );
  const reader: Login = { user: READONLY_USER, password: await setRolePassword(cluster, READONLY_USER) };
  const pooler = await startPooler({ folder, cluster, database: databaseName, logins: [application, reader] });

  const url = ({ host, port }: Address, { user, password }: Login) =>
    `postgresql://${user}:${password}@${host}:${port}/${databaseName}?sslmode=verify-full&sslrootcert=${join(folder.path, 'ca.crt')}`;
  const replicas = cluster.replicas.map((replica) => [replica.name, url(replica, reader)] as const);
  onReady({
    urls: {
      migrations: url(cluster.primary, cluster.master),
      application: url(cluster.primary, application),
      ...(pooler && { pooled: url(pooler, application) }),
      ...Object.fromEntries(replicas),
    },
    rows,
  });
  return untilServerEnds(cluster);
}

async function untilServerEnds({ primary, replicas }: Cluster): Promise<never> {
  for (;;) {
    const ended = [primary, ...replicas].find(({ running }) => !running);
    if (ended) throw new Error(`the server ${ended.name} has ended:\n${ended.lastLogLines()}`);
    await sleep(CHECK_MS);
  }
}
