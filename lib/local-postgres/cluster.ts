import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { connect } from '../contract/database-client';
import { type Major, stageBinaries } from './binaries';
import { createCertificates } from './certificates';
import { type Settings, writeConfiguration, writeOwned } from './configuration';
import { copyTree } from './copy-tree';
import { initialize } from './plain-server';
import { Replication } from './replicas/replication';
import type { RunFolder } from './run-folder';
import { PostgresServer } from './server';

/** User and password of a log-in. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Address of a server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Options of startCluster. */
export interface ClusterOptions {
  readonly folder: RunFolder;
  readonly replicas: number;
  /** Database that the master user owns. */
  readonly database: string;
  /** As on RDS it is not a superuser, but may create roles and databases. */
  readonly master: Login;
  /** Settings that take precedence over those of every local server. Default: none. */
  readonly parameters?: Settings;
  /** The same for the replicas. Default: the primary's. */
  readonly replicaParameters?: Settings;
  /** Whether the primary and the replicas refuse log-ins without TLS. Default: they do. */
  readonly forcesTls?: { readonly primary: boolean; readonly replicas: boolean };
  /** Major version. Default 15. */
  readonly major?: Major;
  /** Data that the primary begins with. Default: an empty server, with the roles that RDS has and the database. */
  readonly seed?: ClusterSeed;
}

/** Data of a primary of another run that was stopped: with the same master user and database. */
export interface ClusterSeed {
  readonly dataFolder: string;
  readonly superuser: Login;
}

/** A running primary with its replicas. */
export interface Cluster {
  /** Such as `15.18`. */
  readonly version: string;
  /** Certificate of the authority of all servers, PEM. */
  readonly ca: string;
  readonly primary: PostgresServer;
  readonly replicas: readonly PostgresServer[];
  /** Time from the call of startCluster until every replica streams. */
  readonly secondsToReady: number;
  /** The superuser, as `rdsadmin` on RDS. */
  readonly superuser: Login;
  readonly master: Login;
  /** Opens a session over verified TLS, by default as the master user. */
  readonly connect: (server: Address, login?: Login) => Promise<Client>;
  readonly replication: Replication;
  /** Adds a server of the run, without data and not started. It uses the same certificates as the others. */
  readonly addServer: (name: string) => PostgresServer;
}

/** pg_hba.conf: only SCRAM, and only TLS, which clients need not use where it is not forced. */
function access(forcesTls: boolean): string {
  const type = forcesTls ? 'hostssl' : 'host';
  return `${type} all all 127.0.0.1/32 scram-sha-256\nhostssl replication replicator 127.0.0.1/32 scram-sha-256\n`;
}

/** Starts a primary with streaming replicas over verified TLS, and creates the roles that RDS has. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const started = Date.now();
  const { folder, database, master, seed, forcesTls = { primary: true, replicas: true } } = options;
  const superuser = seed?.superuser ?? { user: 'rdsadmin', password: randomBytes(24).toString('hex') };
  const replicator = { user: 'replicator', password: randomBytes(24).toString('hex') };
  const certificates = createCertificates();
  const binaries = stageBinaries(folder.path, options.major);
  const primary = new PostgresServer('primary', folder, binaries);
  const data = seed
    ? copyTree(seed.dataFolder, primary.dataFolder, { owner: folder.serverUser })
    : // Whether RDS has data checksums on is unconfirmed; here they show that a damaged page is found.
      initialize(folder, binaries, { dataFolder: primary.dataFolder, superuser, flags: ['--data-checksums'] });
  await Promise.all([data, certificates]);
  const { ca, certificate, key } = await certificates;
  writeOwned(folder, 'server.crt', certificate);
  writeOwned(folder, 'server.key', key);
  writeOwned(folder, 'ca.crt', ca);
  writeOwned(folder, 'primary/pg_hba.conf', access(forcesTls.primary));
  writeConfiguration(folder, primary.name, options.parameters);
  await primary.start();

  const login = (server: Address, as: Login, name = database) =>
    connect({ ...as, host: server.host, port: server.port, database: name, ca, applicationName: 'rehearsal' });
  const replicas = Array.from(
    { length: options.replicas },
    (_, i) => new PostgresServer(`replica-${i + 1}`, folder, binaries),
  );
  const admin = await login(primary, superuser, 'postgres');
  try {
    await letMasterCreateExtensions(admin);
    if (!seed) await createRoles(admin, options);
    await admin.query(`ALTER ROLE replicator PASSWORD ${escapeLiteral(replicator.password)}`);
    const replication = new Replication(
      folder,
      replicator,
      access(forcesTls.replicas),
      options.replicaParameters ?? options.parameters,
    );
    for (const replica of replicas) await replication.build(admin, primary, replica);
    await Promise.all(replicas.map((replica) => replica.start()));
    await untilStreaming(admin, replicas);
    const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
    return {
      version: rows[0]?.server_version.split(' ')[0] ?? '',
      ca,
      primary,
      replicas,
      secondsToReady: (Date.now() - started) / 1000,
      superuser,
      master,
      connect: (server, as = master) => login(server, as),
      replication,
      addServer: (name) => new PostgresServer(name, folder, binaries),
    };
  } finally {
    await admin.end();
  }
}

/**
 * Creates roles and database as RDS does: the master is not a superuser (RDS User Guide, "Understanding PostgreSQL roles and permissions"),
 * and owns the databases postgres and template1, as `\l` of many published sessions on RDS shows, but not the functions of pg_catalog.
 */
async function createRoles(admin: Client, { database, master, major = 15 }: ClusterOptions): Promise<void> {
  const user = escapeIdentifier(master.user);
  await admin.query('CREATE ROLE rds_superuser NOLOGIN');
  await admin.query('GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser WITH ADMIN OPTION');
  await admin.query('CREATE ROLE rds_iam NOLOGIN');
  // Since PostgreSQL 16 CREATEROLE alone cannot grant a role of somebody else. How RDS lets its master user do so is unconfirmed.
  if (major >= 16) await admin.query('GRANT rds_iam TO rds_superuser WITH ADMIN OPTION');
  await admin.query(
    `CREATE ROLE ${user} LOGIN CREATEROLE CREATEDB IN ROLE rds_superuser PASSWORD ${escapeLiteral(master.password)}`,
  );
  await admin.query('CREATE ROLE replicator LOGIN REPLICATION');
  for (const name of ['postgres', 'template1']) await admin.query(`ALTER DATABASE ${name} OWNER TO ${user}`);
  await admin.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${user}`);
}

/**
 * On RDS members of rds_superuser may create pg_stat_statements; in PostgreSQL only superusers may. Here the extension is marked as
 * trusted, so that the owner of the database may create it, as the migrations do.
 */
async function letMasterCreateExtensions(admin: Client): Promise<void> {
  const { rows } = await admin.query<{ folder: string }>(
    "SELECT setting AS folder FROM pg_config WHERE name = 'SHAREDIR'",
  );
  appendFileSync(join(rows[0]?.folder ?? '', 'extension/pg_stat_statements.control'), 'trusted = true\n');
}

async function untilStreaming(admin: Client, replicas: readonly PostgresServer[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { rows } = await admin.query<{ count: string }>(
      "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'",
    );
    if (Number(rows[0]?.count) === replicas.length) return;
    if (Date.now() > deadline)
      throw new Error(`not all replicas stream after 30 s:\n${replicas.map((each) => each.lastLogLines()).join('\n')}`);
    await sleep(20);
  }
}
