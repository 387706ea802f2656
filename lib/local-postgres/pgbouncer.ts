import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../contract/database-client';
import type { Address, Cluster, Login } from './cluster';
import { writeOwned } from './configuration';
import { freePort } from './processes/free-port';
import type { RunFolder } from './run-folder';

const START_SECONDS = 10;

/** A running PgBouncer in front of a primary. */
export interface Pooler extends Address {
  /** Such as `1.18.0`. */
  readonly version: string;
  /** Ends it at once. */
  readonly stop: () => void;
}

/** Options of startPooler. */
export interface PoolerOptions {
  readonly folder: RunFolder;
  readonly cluster: Cluster;
  readonly database: string;
  /** Who may log in. PgBouncer logs in to the server with the same password. */
  readonly logins: readonly Login[];
  /** Most sessions with the server. Default 25, as the owner's PgBouncer has. */
  readonly poolSize?: number;
}

/**
 * Starts PgBouncer with transaction pooling in front of the primary, over verified TLS on both sides.
 * @returns undefined where PgBouncer is not installed
 * @throws Error with the last lines of its log when it does not answer
 */
export async function startPooler(options: PoolerOptions): Promise<Pooler | undefined> {
  const version = installedVersion();
  if (version === undefined) return undefined;
  const { folder, cluster, database, logins } = options;
  const address = { host: cluster.primary.host, port: await freePort() };
  writeOwned(folder, 'pgbouncer.users', await storedPasswords(cluster, logins));
  const configuration = writeOwned(folder, 'pgbouncer.ini', configurationOf(options, address.port));
  const logFile = join(folder.path, 'pgbouncer.log');
  const log = openSync(logFile, 'a');
  const child = spawn('pgbouncer', [configuration], {
    ...folder.serverUser,
    cwd: folder.path,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  folder.adopt({ kill: () => killGroup(child) });
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    try {
      const session = await connect({ ...address, ...logins[0]!, database, ca: cluster.ca, applicationName: 'pooler' });
      await session.end();
      return { ...address, version, stop: () => killGroup(child) };
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(
          `PgBouncer did not start:\n${readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n')}`,
          {
            cause: error,
          },
        );
      await sleep(20);
    }
  }
}

/**
 * The users and their passwords as the server stores them. From a password in clear PgBouncer would derive its key at each log-in, in its
 * only thread.
 */
async function storedPasswords(cluster: Cluster, logins: readonly Login[]): Promise<string> {
  const admin = await cluster.connect(cluster.primary, cluster.superuser);
  try {
    const { rows } = await admin.query<{ line: string }>(
      `SELECT format('"%s" "%s"', rolname, rolpassword) AS line FROM pg_authid WHERE rolname = ANY ($1)`,
      [logins.map(({ user }) => user)],
    );
    return rows.map(({ line }) => `${line}\n`).join('');
  } finally {
    await admin.end();
  }
}

function installedVersion(): string | undefined {
  try {
    return /PgBouncer (\S+)/.exec(execFileSync('pgbouncer', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

function configurationOf({ folder, cluster, database, poolSize = 25 }: PoolerOptions, port: number): string {
  const file = (name: string) => join(folder.path, name);
  return `[databases]
${database} = host=${cluster.primary.host} port=${cluster.primary.port} dbname=${database}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pool_mode = transaction
; The owner has 1000. A rehearsal lets as many log in at once, beside the session that asks whether PgBouncer answers.
max_client_conn = 1100
default_pool_size = ${poolSize}
auth_type = scram-sha-256
auth_file = ${file('pgbouncer.users')}
ignore_startup_parameters = extra_float_digits
client_tls_sslmode = require
client_tls_cert_file = ${file('server.crt')}
client_tls_key_file = ${file('server.key')}
server_tls_sslmode = verify-full
server_tls_ca_file = ${file('ca.crt')}
`;
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}
