import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { createHandler as createCollector } from '../../lambda/collector';
import type { createHandler as createMigrate } from '../../lambda/migrate';
import { COLLECTION_FILE, type CollectedQuery } from '../catalog/collected';
import { loadEnvironment } from '../config';
import type { EnvironmentName } from '../config/schema';
import { createApp } from '../app';
import { EnvironmentAssembly } from './assembly';
import { checkCluster, checkRoles } from './checks';
import { LocalCloudWatch } from './cloudwatch';
import { localParameters } from './parameters';
import { type Cluster, startCluster } from './postgres/cluster';
import type { RunFolder } from './postgres/run-folder';
import type { Check, RehearsalReport } from './report';
import { type Minutes, proveServerDown } from './scenarios/postgresql-down';

/** What to rehearse. */
export interface RehearsalOptions {
  readonly environment: EnvironmentName;
  /** Everything that the run starts and writes lives here; the caller disposes of it. */
  readonly folder: RunFolder;
  /** Hears a line for each step. */
  readonly onProgress: (line: string) => void;
}

const APP_PASSWORD = randomBytes(24).toString('hex');

/** Rehearses an environment on this machine: the synthesized templates and bundles, on real PostgreSQL. */
export async function rehearse({ environment, folder, onProgress }: RehearsalOptions): Promise<RehearsalReport> {
  const config = loadEnvironment(environment);
  onProgress(`synthesizing ${environment}`);
  const outdir = join(folder.path, 'cdk.out');
  createApp({ environments: [environment], outdir, review: false }).synth();
  const assembly = new EnvironmentAssembly(outdir, environment);
  const { primary: primaryGroup, replica: replicaGroup } = parameterGroups(assembly);

  onProgress(`starting a primary and ${config.replicas.length} streaming replica(s)`);
  const { databaseName } = config.database;
  const cluster = await startCluster({
    folder,
    replicas: config.replicas.length,
    database: databaseName,
    master: { user: 'database_admin', password: randomBytes(24).toString('hex') },
    parameters: localParameters(primaryGroup).applied,
    replicaParameters: replicaGroup && localParameters(replicaGroup).applied,
  });
  onProgress(`PostgreSQL ${cluster.version} ready after ${cluster.secondsToReady.toFixed(1)} s`);

  onProgress('migrating');
  const { applied } = await migrate(assembly, cluster, databaseName);
  onProgress('checking replication, encryption and roles');
  const checks = [...(await checkCluster(cluster)), ...(await checkRoles(cluster, APP_PASSWORD))];

  onProgress('proving PostgreSQLDown: killing the primary');
  const minutes = await watch(assembly, cluster, databaseName, environment);
  const alarms = [await proveServerDown(cluster, minutes, environment)];

  const failures = [
    ...(applied.length === 0 ? ['no migration was applied'] : []),
    ...checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`),
    ...alarms
      .filter(({ transitions }) => transitions.join() !== 'OK,ALARM,OK')
      .map(({ alarm, transitions }) => `alarm ${alarm} went ${transitions.join(' → ')}; expected OK → ALARM → OK`),
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
      applied: Object.keys(localParameters(primaryGroup).applied).length,
      leftToRds: localParameters(primaryGroup).left,
    },
    migrations: applied,
    checks,
    alarms,
    failures,
    ok: failures.length === 0,
  };
}

function parameterGroups(assembly: EnvironmentAssembly): { primary: Record<string, string>; replica?: Record<string, string> } {
  const groups = assembly.ofType('AWS::RDS::DBParameterGroup');
  const parameters = (of: string) => {
    const group = Object.values(groups).find(({ Description }) => String(Description).includes(of));
    return group?.['Parameters'] as Record<string, string> | undefined;
  };
  const primary = parameters('primary');
  if (!primary) throw new Error('the assembly has no parameter group of the primary');
  return { primary, replica: parameters('replicas') };
}

/** Runs the deployed migration function, with local secrets in place of Secrets Manager. */
async function migrate(assembly: EnvironmentAssembly, cluster: Cluster, database: string): Promise<{ applied: string[] }> {
  const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createMigrate }>('migrate');
  const { host, port } = cluster.primary;
  const secrets: Record<string, { username: string; password: string }> = {
    master: { username: cluster.master.user, password: cluster.master.password },
    application: { username: 'app_user', password: APP_PASSWORD },
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
  return handler();
}

/** The deployed collector and alarms, on a clock of their own: each collection is a minute. */
async function watch(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  database: string,
  environment: string,
): Promise<Minutes> {
  const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createCollector }>('collector');
  const password = randomBytes(24).toString('hex');
  const admin = await cluster.connect(cluster.primary);
  try {
    await admin.query(`ALTER ROLE metrics_user PASSWORD '${password}'`);
  } finally {
    await admin.end();
  }
  const cloudWatch = new LocalCloudWatch(assembly.alarms());
  let now = Date.UTC(2026, 0, 1);
  const collect = module.createHandler({
    settings: {
      environment,
      database,
      region: 'local',
      servers: [cluster.primary, ...cluster.replicas].map(({ name, host, port }) => ({ name, host, port })),
    },
    queries: JSON.parse(readFileSync(join(folder, COLLECTION_FILE), 'utf8')) as CollectedQuery[],
    cloudWatch: cloudWatch.client,
    ca: cluster.ca,
    // Where RDS takes IAM tokens, a server of this machine takes a password.
    password: () => Promise.resolve(password),
    now: () => new Date(now),
  });
  return {
    pass: async () => {
      await collect();
      now += 60_000;
      return cloudWatch.evaluate(now);
    },
    transitions: (alarm) => cloudWatch.transitions(alarm),
  };
}

/** For the console: one line for each thing that was shown. */
export function summarize(report: RehearsalReport): string[] {
  const mark = (ok: boolean) => (ok ? 'ok    ' : 'FAILED');
  return [
    `PostgreSQL ${report.postgres}: primary and ${report.cluster.replicas.length} replica(s) in ${report.cluster.secondsToReady.toFixed(1)} s, with ${report.parameters.applied} parameters of the synthesized group`,
    `${report.migrations.length} migrations applied: ${report.migrations.join(', ')}`,
    ...report.checks.map(({ name, ok, detail }: Check) => `${mark(ok)} ${name}: ${detail}`),
    ...report.alarms.map(
      ({ alarm, transitions, fault, seconds, alarmSeconds }) =>
        `${mark(transitions.join() === 'OK,ALARM,OK')} ${alarm}: ${transitions.join(' → ')}; ${fault}; ${seconds.toFixed(1)} s here, ${alarmSeconds} s of CloudWatch's clock`,
    ),
    report.ok ? `${report.environment} holds what it promises here` : `${report.environment} does not hold: ${report.failures.join('; ')}`,
  ];
}
