import type { EnvironmentAssembly } from '../assembly/environment-assembly';
import { databaseParameters } from '../assembly/parameter-groups';
import { measureSpeedUp } from '../benchmark/speed-up';
import { loadEnvironment } from '../config';
import type { Cluster } from '../local-postgres/cluster';
import { localParameters } from '../local-postgres/parameters';
import { formatSeconds } from '../shared/formats';
import { proveAlarms } from './alarms/prove-alarms';
import type { CrossTalk } from './alarms/prove-phase';
import { rehearseCare } from './care/rehearse-care';
import { checkApplicationRole, checkCluster, checkLimits } from './cluster-checks';
import { migrate as migrateAsDeployed } from './deployed-migration';
import { rehearseFailover } from './failover/rehearse-failover';
import { PromiseBroken, rehearsalFailures } from './failures';
import { rehearseImport } from './import/rehearse-import';
import { type LogSearch, plant, searchLogs } from './log-search/search';
import { measurePooling } from './pooling/measure-pooling';
import { ACTION_GROUPS } from './privileges/actions';
import { byRole } from './privileges/by-role';
import { probePrivileges } from './privileges/probe';
import { rehearseReadiness } from './readiness/rehearse-readiness';
import type { CheckResult, RehearsalReport, RehearsalResults } from './report';
import { replayEvents } from './replay/events/replay-events';
import { type Replay, replayAlarms } from './replay/replay-alarms';
import { withReplays } from './replay/with-replays';
import { rehearseRestore, RESTORE_SECONDS_PER_GB } from './restore/rehearse-restore';
import { ResourceSampler } from './resource-use';
import { randomPassword } from './role-password';
import { type RehearsedEnvironment, startServers, synthesize } from './servers';
import { Steps } from './steps';

/** Options of a rehearsal. */
export interface RehearsalOptions extends RehearsedEnvironment {
  /** Size of the data that is restored, gigabytes. Default: a few rows. */
  readonly restoreSizeGb?: number;
  /** End with the first step that finds something which does not hold. Default: all steps run. */
  readonly failFast?: boolean;
  /** Receives a line for each step. */
  readonly onProgress: (line: string) => void;
}

/** What the steps have in common. */
interface Run extends RehearsalOptions {
  readonly assembly: EnvironmentAssembly;
  readonly cluster: Cluster;
  readonly database: string;
  readonly applicationPassword: string;
  readonly steps: Steps;
  /** Ends a run that is to fail fast, when results do not hold. */
  readonly found: (results: Partial<RehearsalResults>) => void;
}

/**
 * Rehearses an environment on this machine: the synthesized templates and bundles, on real PostgreSQL. What needs no server comes first, what
 * harms the servers last.
 * @throws Error that names the step which cannot be carried out or takes too long; what does not hold is in the report
 * @throws PromiseBroken with `failFast`, instead of a report, when something does not hold
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const { environment, folder, onProgress } = options;
  const database = loadEnvironment(environment).database.databaseName;
  const steps = new Steps(onProgress);
  const resources = new ResourceSampler(folder.path);
  const applicationPassword = randomPassword();
  const found = options.failFast ? failFast : () => undefined;

  const assembly = await steps.run(`synthesizing ${environment}`, () => synthesize(options));
  const { replays, ...replayed } = await steps.run('replaying every alarm and event rule', () =>
    replay(assembly, options),
  );
  found(replayed);
  const { cluster, migrations } = await prepare(assembly, options, steps, applicationPassword);
  const run = { ...options, assembly, cluster, database, applicationPassword, steps, found };
  const tried = await tryRolesAndQueries(run);
  const { proofs, published, crossTalk } = await steps.run('proving alarms by real faults', () =>
    proveAlarms({ assembly, cluster, databaseName: database, onProgress }),
  );
  const alarms = withReplays(proofs, replays);
  found({ alarms, checks: [published], crossTalk });
  const care = await steps.run('running the daily, weekly, monthly and quarterly work', () =>
    rehearseCare({ assembly, cluster, database, alarms: proofs }),
  );
  found({ care });
  const { crossTalkOfMove, ...measured } = await measureAndBreak(run);

  return withFailures({
    environment,
    ...describeServers(assembly, cluster),
    migrations,
    ...tried,
    checks: [...tried.checks, published],
    logs: searchServerLogs(run),
    alarms,
    crossTalk: [...crossTalk, ...crossTalkOfMove],
    ...replayed,
    care,
    ...measured,
    steps: steps.finished,
    resources: await resources.stop(),
  });
}

async function tryRolesAndQueries(
  run: Run,
): Promise<Pick<RehearsalResults, 'checks' | 'privileges' | 'roles' | 'speedUp'>> {
  const { steps, found, assembly, cluster, database, applicationPassword } = run;
  const checks = await steps.run('checking replication, encryption and roles', () =>
    checkServers(cluster, applicationPassword),
  );
  found({ checks });
  const privileges = await steps.run('trying what each role may do', () =>
    probePrivileges({ cluster, database, applicationPassword, groups: ACTION_GROUPS }),
  );
  found({ privileges });
  await steps.run('running statements with planted passwords, tokens, phone numbers and texts', () =>
    plant(cluster, applicationPassword),
  );
  found({ logs: searchServerLogs(run) });
  const speedUp = await steps.run('running three queries before and after the migrations', () =>
    measureSpeedUp(assembly, cluster),
  );
  found({ speedUp });
  return { checks, privileges, roles: byRole(privileges), speedUp };
}

async function measureAndBreak(run: Run): Promise<
  Pick<RehearsalResults, 'pooling' | 'readiness' | 'import' | 'failover' | 'restore'> & {
    readonly crossTalkOfMove: readonly CrossTalk[];
  }
> {
  const { environment, steps, found, assembly, cluster, folder, database, applicationPassword, restoreSizeGb } = run;
  const pooling = await steps.run('logging in with 1,000 clients, straight and through PgBouncer', () =>
    measurePooling({ cluster, folder, database, applicationPassword }),
  );
  found({ pooling });
  const readiness = await steps.run('scoring the database as found and the rehearsed one', () =>
    rehearseReadiness({ assembly, cluster, folder, database, applicationPassword }),
  );
  found({ readiness });
  const {
    database: { multiAz },
    replicas,
  } = loadEnvironment(environment);
  const { moved, crossTalk = [] } =
    replicas.length === 0
      ? {}
      : await steps.run('moving a database in under load, and back', () =>
          rehearseImport({ assembly, environment, folder, database }),
        );
  found(moved ? { import: moved, crossTalk } : {});
  const failover = await steps.run('killing the primary under write load and promoting a replica', () =>
    rehearseFailover({ cluster, folder, applicationPassword, multiAz }),
  );
  found({ failover: failover.report });
  // The last step, because it drops a table. On the cluster after the failover: its backups and heartbeats must go on.
  const restore = await steps.run(
    'dropping a table and restoring to just before',
    () => rehearseRestore({ assembly, cluster: failover.cluster, folder, database, sizeGb: restoreSizeGb }),
    restoreSizeGb === undefined ? {} : { limitSeconds: RESTORE_SECONDS_PER_GB * Math.max(1, restoreSizeGb) },
  );
  found({ restore });
  return {
    ...{ pooling, readiness, failover: failover.report, restore },
    ...(moved && { import: moved }),
    crossTalkOfMove: crossTalk,
  };
}

function searchServerLogs({ folder, applicationPassword, cluster }: Run): LogSearch {
  return searchLogs(folder.path, {
    'password of app_user': applicationPassword,
    'master password': cluster.master.password,
  });
}

function failFast(results: Partial<RehearsalResults>): void {
  const failures = rehearsalFailures(results);
  if (failures.length > 0) throw new PromiseBroken(failures);
}

type ReplayResults = Pick<RehearsalResults, 'alarmsNotProven' | 'eventRules' | 'replayFaults'> & {
  readonly replays: readonly Replay[];
};

function replay(assembly: EnvironmentAssembly, { environment }: RehearsalOptions): Promise<ReplayResults> {
  const config = loadEnvironment(environment);
  const { replays, overridden, faults } = replayAlarms(assembly, config);
  const eventRules = replayEvents(assembly, config);
  const replayFaults = [...faults, ...[...replays, ...eventRules].flatMap((each) => each.faults)];
  return Promise.resolve({ replays, alarmsNotProven: overridden, eventRules, replayFaults });
}

/** The environment's servers with its migrations. */
async function prepare(
  assembly: EnvironmentAssembly,
  options: RehearsalOptions,
  steps: Steps,
  applicationPassword: string,
): Promise<{ cluster: Cluster; migrations: string[] }> {
  const { database, replicas } = loadEnvironment(options.environment);
  const cluster = await steps.run(`starting a primary and ${replicas.length} streaming replica(s)`, () =>
    startServers(assembly, options),
  );
  const line = `PostgreSQL ${cluster.version} ready after ${formatSeconds(cluster.secondsToReady)}; migrating`;
  const migrate = () => migrateAsDeployed(assembly, cluster, database.databaseName, applicationPassword);
  return { cluster, migrations: await steps.run('migrating', migrate, { line }) };
}

async function checkServers(cluster: Cluster, applicationPassword: string): Promise<CheckResult[]> {
  return [
    ...(await checkCluster(cluster)),
    ...(await checkLimits(cluster)),
    ...(await checkApplicationRole(cluster, applicationPassword)),
  ];
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
