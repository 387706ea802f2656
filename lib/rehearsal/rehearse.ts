import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createApp } from '../app';
import { MASTER_USER } from '../contract/roles';
import { indexFaults } from '../benchmark/goals';
import { measureSpeedUp } from '../benchmark/speed-up';
import { loadEnvironment } from '../config';
import type { EnvironmentName } from '../config';
import { EnvironmentAssembly } from '../assembly/environment-assembly';
import { databaseParameters } from '../assembly/parameter-groups';
import { readAlarms } from './alarms/read-alarm';
import { checkCluster, checkRoles } from './checks';
import { type DeployedCollector, loadCollector, migrate } from './deployed';
import { localParameters } from '../local-postgres/parameters';
import { phases } from './scenarios/phases';
import { type Cluster, startCluster } from '../local-postgres/cluster';
import type { RunFolder } from '../local-postgres/run-folder';
import { provePhase } from './alarms/prove';
import { checkPublished } from './alarms/published';
import type { AlarmProof, Check, RehearsalReport } from './report';
import { rehearseRestore } from './restore/rehearse-restore';
import { restoreFailures } from './restore/restore-report';
import { isProven } from './summary';

/** What to rehearse. */
export interface RehearsalOptions {
  readonly environment: EnvironmentName;
  /** How much data the restore has, gigabytes; default a few rows. */
  readonly restoreSizeGb?: number;
  /** Everything that the run starts and writes lives here; the caller disposes of it. */
  readonly folder: RunFolder;
  /** Hears a line for each step. */
  readonly onProgress: (line: string) => void;
}

/** Rehearses an environment on this machine: the synthesized templates and bundles, on real PostgreSQL. */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const { environment, folder, onProgress } = options;
  const config = loadEnvironment(environment);
  const { databaseName } = config.database;
  onProgress(`synthesizing ${environment}`);
  const outdir = join(folder.path, 'cdk.out');
  createApp({ environments: [environment], outdir }).synth();
  const assembly = new EnvironmentAssembly(outdir, environment);
  const parameters = databaseParameters(assembly);

  onProgress(`starting a primary and ${config.replicas.length} streaming replica(s)`);
  const cluster = await startCluster({
    folder,
    replicas: config.replicas.length,
    database: databaseName,
    master: { user: MASTER_USER, password: secret() },
    parameters: localParameters(parameters.primary).applied,
    replicaParameters: parameters.replicas && localParameters(parameters.replicas).applied,
  });
  onProgress(`PostgreSQL ${cluster.version} ready after ${cluster.secondsToReady.toFixed(1)} s`);

  onProgress('migrating');
  const appPassword = secret();
  const migrations = await migrate(assembly, cluster, databaseName, appPassword);
  onProgress('checking replication, encryption and roles');
  const checks = [...(await checkCluster(cluster)), ...(await checkRoles(cluster, appPassword))];

  onProgress('asking three queries before and after the migrations');
  const speedUp = await measureSpeedUp(assembly, cluster);

  const collector = await loadCollector(assembly, cluster, databaseName);
  const proof = await proveAlarms(assembly, cluster, collector, onProgress);
  checks.push(proof.published);
  // Last, because it loses a table.
  onProgress('dropping a table and restoring to just before');
  const restore = await rehearseRestore({
    assembly,
    cluster,
    folder,
    database: databaseName,
    sizeGb: options.restoreSizeGb,
  });
  const failures = [
    ...(migrations.length === 0 ? ['no migration was applied'] : []),
    ...speedUp.patterns.flatMap(indexFaults),
    ...checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`),
    ...proof.alarms
      .filter((alarm) => !isProven(alarm))
      .map(({ alarm, transitions }) => `alarm ${alarm} went ${transitions.join(' → ')}; expected OK → ALARM → OK`),
    ...(restore ? restoreFailures(restore) : []),
  ];
  return {
    environment,
    postgres: cluster.version,
    cluster: {
      primary: cluster.primary.name,
      replicas: cluster.replicas.map(({ name }) => name),
      secondsToReady: cluster.secondsToReady,
    },
    parameters: {
      applied: Object.keys(localParameters(parameters.primary).applied).length,
      leftToRds: localParameters(parameters.primary).left,
    },
    migrations,
    checks,
    speedUp,
    alarms: proof.alarms,
    alarmsNotProven: readAlarms(assembly)
      .map(({ name }) => name)
      .filter((name) => !proof.alarms.some(({ alarm }) => alarm === name)),
    restore,
    failures,
    ok: failures.length === 0,
  };
}

/** Every phase of faults, and in between, while there are rows, whether the collector publishes what is there. */
async function proveAlarms(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  collector: DeployedCollector,
  onProgress: (line: string) => void,
): Promise<{ alarms: AlarmProof[]; published: Check }> {
  const { environment } = assembly;
  const alarms: AlarmProof[] = [];
  let published: Check | undefined;
  for (const phase of phases(cluster)) {
    onProgress(`proving alarms: ${phase.name}`);
    // A session each phase: the last one kills its server.
    const stage = {
      cluster,
      admin: await cluster.connect(cluster.primary),
      superuser: await cluster.connect(cluster.primary, cluster.superuser),
    };
    const context = { environment, alarms: readAlarms(assembly), startCollector: collector.start, stage };
    alarms.push(...(await provePhase(phase, context)));
    published ??= await checkPublished(collector, stage.superuser);
    await Promise.allSettled([stage.admin.end(), stage.superuser.end()]);
  }
  if (!published) throw new Error('there is no phase of faults');
  return { alarms, published };
}

function secret(): string {
  return randomBytes(24).toString('hex');
}
