import type { EnvironmentAssembly } from '../assembly/environment-assembly';
import { utcText } from '../benchmark/databases/volumes';
import { type EnvironmentName, loadEnvironment } from '../config';
import type { ConnectOptions } from '../contract/database-client';
import type { Major } from '../local-postgres/binaries';
import type { Cluster } from '../local-postgres/cluster';
import { RunFolder } from '../local-postgres/run-folder';
import { rehearseMove } from '../move-rehearsal/move';
import { SAMPLE_ROWS } from '../move-rehearsal/sample-rows';
import { run } from '../move-rehearsal/sessions';
import { loadCollector } from '../rehearsal/alarms/deployed-collector';
import { collectOnce } from '../rehearsal/alarms/published-values';
import { migrate } from '../rehearsal/deployed-migration';
import { randomPassword } from '../rehearsal/role-password';
import { startServers, synthesize } from '../rehearsal/servers';
import type { Target } from '../shared/connection/target';
import { planDifferences, plansOf } from './compare-plans';
import { FAILED_QUERIES, type PublishedValues, valueDifferences } from './compare-values';
import { type UpgradeReport, withVerdict } from './report';

/** Options of rehearseUpgrade. */
export interface UpgradeOptions {
  readonly environment: EnvironmentName;
  /** Folder of all servers and files of the run. The caller disposes of it. */
  readonly folder: RunFolder;
  /** Rows to move. Default: SAMPLE_ROWS. */
  readonly rows?: string;
  /** Receives a line for each step. */
  readonly onProgress: (line: string) => void;
}

/** The version that the project runs on next: PostgreSQL 15 ends on RDS on 2028-02-29 (RDS release calendar). */
const NEXT: Major = 17;

/** What both sides of a move by logical replication need; on RDS rds.logical_replication = 1. */
const LOGICAL = { wal_level: 'logical' } as const;

/** A migrated server of one version. */
interface Version {
  readonly cluster: Cluster;
  readonly address: Target;
  readonly migrations: readonly string[];
}

/**
 * Rehearses the upgrade to the next major version by logical replication: the migrated database moves by the import's own steps to a server of
 * that version under the application's load, and back. Then the plans of the application's queries and what the deployed collector publishes
 * are compared between both.
 */
export async function rehearseUpgrade(options: UpgradeOptions): Promise<UpgradeReport> {
  const { environment, folder, rows = SAMPLE_ROWS, onProgress } = options;
  onProgress(`synthesizing ${environment}`);
  const assembly = await synthesize({ environment, folder });
  onProgress('starting and migrating both versions');
  const before = await startVersion(assembly, options, 15);
  const after = await startVersion(assembly, options, NEXT);
  await run(before.address, rows, 'ANALYZE');
  onProgress(`moving from ${before.cluster.version} to ${after.cluster.version} and back`);
  const move = await rehearseMove({ from: before.address, to: after.address, onProgress });
  onProgress('comparing plans and metrics');
  await run(after.address, 'ANALYZE');
  const end = utcText(new Date());
  const [plans, otherPlans] = [await plansOf(loginTo(before), end), await plansOf(loginTo(after), end)];
  const [values, otherValues] = [await published(assembly, before), await published(assembly, after)];
  return withVerdict({
    environment,
    from: before.cluster.version,
    to: after.cluster.version,
    migrations: after.migrations,
    move,
    queries: plans.length,
    planDifferences: planDifferences(plans, otherPlans),
    metrics: values.size,
    valueDifferences: valueDifferences(values, otherValues),
    failedQueries: Math.max(0, ...(otherValues.get(FAILED_QUERIES) ?? [])),
  });
}

async function startVersion(
  assembly: EnvironmentAssembly,
  { environment, folder }: UpgradeOptions,
  major: Major,
): Promise<Version> {
  const { databaseName } = loadEnvironment(environment).database;
  const place = new RunFolder({ run: folder, name: `version-${major}` });
  const cluster = await startServers(
    assembly,
    { environment, folder: place },
    { settings: LOGICAL, replicas: 0, major },
  );
  const migrations = await migrate(assembly, cluster, databaseName, randomPassword());
  const { host, port } = cluster.primary;
  // On RDS the master user may subscribe, here only a superuser.
  const address: Target = {
    host,
    port,
    database: databaseName,
    ...cluster.superuser,
    sslMode: 'require',
    sslRootCert: undefined,
    connectTimeoutSeconds: 10,
  };
  return { cluster, address, migrations };
}

function loginTo({ cluster, address: { host, port, database } }: Version): ConnectOptions {
  return { host, port, database, ...cluster.master, ca: cluster.ca, applicationName: 'upgrade' };
}

/** What the deployed collector publishes of a server in its second pass: the first one has nothing to compare counters with. */
async function published(assembly: EnvironmentAssembly, { cluster, address }: Version): Promise<PublishedValues> {
  const { start } = await loadCollector(assembly, cluster, address.database);
  await collectOnce(start);
  return collectOnce(start);
}
