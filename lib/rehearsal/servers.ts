import { join } from 'node:path';
import { createApp } from '../app';
import { EnvironmentAssembly } from '../assembly/environment-assembly';
import { databaseParameters } from '../assembly/parameter-groups';
import { type EnvironmentName, loadEnvironment } from '../config';
import { MASTER_USER } from '../contract/roles';
import type { Major } from '../local-postgres/binaries';
import { type Cluster, startCluster } from '../local-postgres/cluster';
import type { Settings } from '../local-postgres/configuration';
import { localParameters } from '../local-postgres/parameters';
import type { RunFolder } from '../local-postgres/run-folder';
import { randomPassword } from './role-password';

/** What is rehearsed, and where. */
export interface RehearsedEnvironment {
  readonly environment: EnvironmentName;
  /** Folder of the servers and files. The caller disposes of it. */
  readonly folder: RunFolder;
}

/** Synthesizes the environment into the folder of the run. */
export function synthesize({ environment, folder }: RehearsedEnvironment): Promise<EnvironmentAssembly> {
  const outdir = join(folder.path, 'cdk.out');
  createApp({ environments: [environment], outdir }).synth();
  return Promise.resolve(new EnvironmentAssembly(outdir, environment));
}

/** In what servers differ from those of the environment. */
export interface ServerOverrides {
  /** Take precedence over the parameters of the assembly. Default: none. */
  readonly settings?: Settings;
  /** Number of replicas. Default: the environment's. */
  readonly replicas?: number;
  /** Major version. Default 15. */
  readonly major?: Major;
}

/** Starts the servers of the environment with the parameters of the assembly. */
export function startServers(
  assembly: EnvironmentAssembly,
  { environment, folder }: RehearsedEnvironment,
  { settings = {}, replicas: count, major = 15 }: ServerOverrides = {},
): Promise<Cluster> {
  const { database, replicas } = loadEnvironment(environment);
  const parameters = databaseParameters(assembly);
  const primary = localParameters(parameters.primary);
  const replica = localParameters(parameters.replicas ?? parameters.primary);
  return startCluster({
    folder,
    major,
    replicas: count ?? replicas.length,
    database: database.databaseName,
    master: { user: MASTER_USER, password: randomPassword() },
    parameters: { ...primary.applied, ...settings },
    replicaParameters: { ...replica.applied, ...settings },
    forcesTls: { primary: primary.forcesTls, replicas: replica.forcesTls },
  });
}
