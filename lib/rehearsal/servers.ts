import { join } from 'node:path';
import { createApp } from '../app';
import { EnvironmentAssembly } from '../assembly/environment-assembly';
import { databaseParameters } from '../assembly/parameter-groups';
import { type EnvironmentName, loadEnvironment } from '../config';
import { MASTER_USER } from '../contract/roles';
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

/**
 * Starts the servers of the environment with the parameters of the assembly.
 * @param settings take precedence over them. Default: none
 */
export function startServers(
  assembly: EnvironmentAssembly,
  { environment, folder }: RehearsedEnvironment,
  settings: Settings = {},
): Promise<Cluster> {
  const { database, replicas } = loadEnvironment(environment);
  const parameters = databaseParameters(assembly);
  const primary = localParameters(parameters.primary);
  const replica = localParameters(parameters.replicas ?? parameters.primary);
  return startCluster({
    folder,
    replicas: replicas.length,
    database: database.databaseName,
    master: { user: MASTER_USER, password: randomPassword() },
    parameters: { ...primary.applied, ...settings },
    replicaParameters: { ...replica.applied, ...settings },
    forcesTls: { primary: primary.forcesTls, replicas: replica.forcesTls },
  });
}
