import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { EnvironmentName } from '../../config';
import { MIGRATIONS_FOLDER } from '../../contract/files';
import { readMigrations } from '../../contract/migrations';
import type { Cluster } from '../../local-postgres/cluster';
import { startPlainServer } from '../../local-postgres/plain-server';
import { RunFolder } from '../../local-postgres/run-folder';
import { rehearseMove } from '../../move-rehearsal/move';
import type { MoveReport } from '../../move-rehearsal/report';
import { SAMPLE_ROWS } from '../../move-rehearsal/sample-rows';
import { run } from '../../move-rehearsal/sessions';
import type { Target } from '../../shared/connection/target';
import type { CrossTalk } from '../alarms/prove-phase';
import { migrate } from '../deployed-migration';
import { randomPassword } from '../role-password';
import { startServers } from '../servers';
import { alarmsDuringMove } from './alarms-during-move';

/** What is moved in. */
export interface ImportRehearsal {
  readonly assembly: EnvironmentAssembly;
  readonly folder: RunFolder;
  readonly database: string;
  readonly environment: EnvironmentName;
}

/** What an import asks of both sides: on RDS `rds.logical_replication = 1`. Each takes a restart. */
const LOGICAL = { wal_level: 'logical' } as const;

/**
 * Moves a database as it was found (one server with PostgreSQL's defaults, a superuser with a password, no TLS) under load into new servers
 * of the environment, which the deployed function has migrated, and back, while the environment's alarms are on. The servers of the other
 * steps are not touched.
 */
export async function rehearseImport(
  rehearsal: ImportRehearsal,
): Promise<{ readonly moved: MoveReport; readonly crossTalk: CrossTalk[] }> {
  const folder = new RunFolder({ run: rehearsal.folder, name: 'import' });
  try {
    const [from, { cluster, to }] = await Promise.all([startSource(rehearsal, folder), startTarget(rehearsal, folder)]);
    const crossTalk: CrossTalk[] = [];
    const watched = async (steps: () => Promise<MoveReport>) => {
      const during = await alarmsDuringMove({ ...rehearsal, cluster }, steps);
      crossTalk.push(...during.crossTalk);
      return during.result;
    };
    return { moved: await rehearseMove({ from, to, onProgress: () => undefined, watched }), crossTalk };
  } finally {
    folder.dispose();
  }
}

async function startSource({ assembly, database }: ImportRehearsal, folder: RunFolder): Promise<Target> {
  const superuser = { user: 'postgres', password: randomPassword() };
  const server = await startPlainServer({
    folder,
    name: 'as-found',
    superuser,
    parameters: { ...LOGICAL, fsync: 'off' },
    access: 'host all all all scram-sha-256\nhost replication all all scram-sha-256\n',
  });
  const source = address(server, superuser, database, 'disable');
  await run({ ...source, database: 'postgres' }, `CREATE DATABASE ${escapeIdentifier(database)}`);
  const { folder: bundle } = await assembly.loadFunction('migrate');
  await run(source, readMigrations(join(bundle, MIGRATIONS_FOLDER))[0]?.sql ?? '', SAMPLE_ROWS);
  return source;
}

/** On RDS the master user may subscribe, here only a superuser. */
async function startTarget(
  { assembly, database, environment }: ImportRehearsal,
  folder: RunFolder,
): Promise<{ readonly cluster: Cluster; readonly to: Target }> {
  const cluster = await startServers(assembly, { environment, folder }, { settings: LOGICAL });
  await migrate(assembly, cluster, database, randomPassword());
  return { cluster, to: address(cluster.primary, cluster.superuser, database, 'require') };
}

function address(
  { host, port }: { readonly host: string; readonly port: number },
  login: { readonly user: string; readonly password: string },
  database: string,
  sslMode: Target['sslMode'],
): Target {
  return { host, port, database, ...login, sslMode, sslRootCert: undefined, connectTimeoutSeconds: 10 };
}
