import { join } from 'node:path';
import { createApp } from '../app';
import { EnvironmentAssembly } from '../assembly/environment-assembly';
import { databaseParameters } from '../assembly/parameter-groups';
import { measureSpeedUp } from '../benchmark/speed-up';
import { type EnvironmentName, loadEnvironment } from '../config';
import { MASTER_USER } from '../contract/roles';
import { type Cluster, startCluster } from '../local-postgres/cluster';
import { localParameters } from '../local-postgres/parameters';
import type { RunFolder } from '../local-postgres/run-folder';
import { formatSeconds } from '../shared/formats';
import { proveAlarms } from './alarms/prove-alarms';
import { checkApplicationRole, checkCluster } from './cluster-checks';
import { migrate as migrateAsDeployed } from './deployed-migration';
import { rehearseFailover } from './failover/rehearse-failover';
import { rehearsalFailures } from './failures';
import { plant, searchLogs } from './log-search/search';
import { measurePooling } from './pooling/measure-pooling';
import { ACTION_GROUPS } from './privileges/actions';
import { probePrivileges } from './privileges/probe';
import { rehearseReadiness } from './readiness/rehearse-readiness';
import type { CheckResult, RehearsalReport, RehearsalResults } from './report';
import { replayEvents } from './replay/events/replay-events';
import { replayAlarms } from './replay/replay-alarms';
import { withReplays } from './replay/with-replays';
import { rehearseRestore } from './restore/rehearse-restore';
import { ResourceSampler } from './resource-use';
import { randomPassword } from './role-password';
import { Steps } from './steps';

/** Options of a rehearsal. */
export interface RehearsalOptions {
  readonly environment: EnvironmentName;
  /** Size of the data that is restored, gigabytes. Default: a few rows. */
  readonly restoreSizeGb?: number;
  /** Folder of all servers and files of the run. The caller disposes of it. */
  readonly folder: RunFolder;
  /** Receives a line for each step. */
  readonly onProgress: (line: string) => void;
}

/** Longest time of the restore of a gigabyte, seconds: ten times what it takes on two processors. */
const RESTORE_SECONDS_PER_GB = 600;

/**
 * Rehearses an environment on this machine: the synthesized templates and bundles, on real PostgreSQL.
 * @throws Error that names the step which cannot be carried out or takes too long; what does not hold is in the report
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const { environment, folder, onProgress, restoreSizeGb: sizeGb } = options;
  const { databaseName, multiAz } = loadEnvironment(environment).database;
  const steps = new Steps(onProgress);
  const resources = new ResourceSampler(folder.path);
  const password = randomPassword();
  const { assembly, cluster, migrations } = await prepare(options, steps, password);

  const checks = await steps.run('checking replication, encryption and roles', () => checkServers(cluster, password));
  const privileges = await steps.run('trying what each role may do', () =>
    probePrivileges({ cluster, database: databaseName, applicationPassword: password, groups: ACTION_GROUPS }),
  );
  await steps.run('running statements with planted passwords, tokens, phone numbers and texts', () =>
    plant(cluster, password),
  );
  const speedUp = await steps.run('running three queries before and after the migrations', () =>
    measureSpeedUp(assembly, cluster),
  );
  const { published, ...alarms } = await proveEveryAlarm(assembly, cluster, options, steps);
  const pooling = await steps.run('logging in with 1,000 clients, straight and through PgBouncer', () =>
    measurePooling({ cluster, folder, database: databaseName, applicationPassword: password }),
  );
  const readiness = await steps.run('scoring the database as found and the rehearsed one', () =>
    rehearseReadiness({ assembly, cluster, folder, database: databaseName, applicationPassword: password }),
  );
  const failover = await steps.run('killing the primary under write load and promoting a replica', () =>
    rehearseFailover({ cluster, folder, applicationPassword: password, multiAz }),
  );
  // The last step, because it drops a table. On the cluster after the failover: its backups and heartbeats must go on.
  const restore = await steps.run(
    'dropping a table and restoring to just before',
    () => rehearseRestore({ assembly, cluster: failover.cluster, folder, database: databaseName, sizeGb }),
    sizeGb === undefined ? {} : { limitSeconds: RESTORE_SECONDS_PER_GB * Math.max(1, sizeGb) },
  );

  return withFailures({
    environment,
    ...describeServers(assembly, cluster),
    migrations,
    checks: [...checks, published],
    privileges,
    logs: searchLogs(folder.path, { 'password of app_user': password, 'master password': cluster.master.password }),
    speedUp,
    ...alarms,
    pooling,
    readiness,
    failover: failover.report,
    restore,
    steps: steps.finished,
    resources: await resources.stop(),
  });
}

type AlarmResults = Pick<
  RehearsalResults,
  'alarms' | 'crossTalk' | 'alarmsNotProven' | 'eventRules' | 'replayFaults'
> & { readonly published: CheckResult };

/** Provokes what can be provoked here, and replays every alarm and event rule. */
async function proveEveryAlarm(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  { environment, onProgress }: RehearsalOptions,
  steps: Steps,
): Promise<AlarmResults> {
  const config = loadEnvironment(environment);
  const { databaseName } = config.database;
  const { proofs, published, crossTalk } = await steps.run('proving alarms by real faults', () =>
    proveAlarms({ assembly, cluster, databaseName, onProgress }),
  );
  return steps.run('replaying every alarm and event rule', () => {
    const { replays, overridden, faults } = replayAlarms(assembly, config);
    const eventRules = replayEvents(assembly, config);
    return Promise.resolve({
      published,
      crossTalk,
      alarms: withReplays(proofs, replays),
      alarmsNotProven: overridden,
      eventRules,
      replayFaults: [...faults, ...[...replays, ...eventRules].flatMap((each) => each.faults)],
    });
  });
}

/** The environment's servers with its migrations. */
async function prepare(
  options: RehearsalOptions,
  steps: Steps,
  applicationPassword: string,
): Promise<{ assembly: EnvironmentAssembly; cluster: Cluster; migrations: string[] }> {
  const { database, replicas } = loadEnvironment(options.environment);
  const assembly = await steps.run(`synthesizing ${options.environment}`, () => synthesize(options));
  const cluster = await steps.run(`starting a primary and ${replicas.length} streaming replica(s)`, () =>
    startServers(assembly, options),
  );
  const line = `PostgreSQL ${cluster.version} ready after ${formatSeconds(cluster.secondsToReady)}; migrating`;
  const migrate = () => migrateAsDeployed(assembly, cluster, database.databaseName, applicationPassword);
  return { assembly, cluster, migrations: await steps.run('migrating', migrate, { line }) };
}

/** Synthesizes the environment into the folder of the run. */
export function synthesize({
  environment,
  folder,
}: Pick<RehearsalOptions, 'environment' | 'folder'>): Promise<EnvironmentAssembly> {
  const outdir = join(folder.path, 'cdk.out');
  createApp({ environments: [environment], outdir }).synth();
  return Promise.resolve(new EnvironmentAssembly(outdir, environment));
}

/** Starts the servers of the environment with the parameters of the assembly. */
export function startServers(
  assembly: EnvironmentAssembly,
  { environment, folder }: Pick<RehearsalOptions, 'environment' | 'folder'>,
): Promise<Cluster> {
  const { database, replicas } = loadEnvironment(environment);
  const parameters = databaseParameters(assembly);
  return startCluster({
    folder,
    replicas: replicas.length,
    database: database.databaseName,
    master: { user: MASTER_USER, password: randomPassword() },
    parameters: localParameters(parameters.primary).applied,
    replicaParameters: parameters.replicas && localParameters(parameters.replicas).applied,
  });
}

async function checkServers(cluster: Cluster, applicationPassword: string): Promise<CheckResult[]> {
  return [...(await checkCluster(cluster)), ...(await checkApplicationRole(cluster, applicationPassword))];
}

function describeServers(
  assembly: EnvironmentAssembly,
  { version, primary, replicas, secondsToReady }: Cluster,
): Pick<RehearsalResults, 'postgres' | 'cluster' | 'parameters'> {
  const { applied, left } = localParameters(databaseParameters(assembly).primary);
  return {
    postgres: version,
    cluster: { primary: primary.name, replicas: replicas.map(({ name }) => name), secondsToReady },
    parameters: { applied: Object.keys(applied).length, leftToRds: left },
  };
}

function withFailures(results: RehearsalResults): RehearsalReport {
  const failures = rehearsalFailures(results);
  return { ...results, failures, ok: failures.length === 0 };
}
