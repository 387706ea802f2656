import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, type Major, stageBinaries } from './binaries';
import { type Settings, settingLines, writeOwned } from './configuration';
import type { RunFolder } from './run-folder';
import { PostgresServer } from './server';

/** Who may do everything on the server. */
interface Superuser {
  readonly user: string;
  readonly password: string;
}

/** Options of startPlainServer. */
export interface PlainServerOptions {
  readonly folder: RunFolder;
  /** Name of the server within the run. */
  readonly name: string;
  readonly superuser: Superuser;
  /** Major version. Default 15. */
  readonly major?: Major;
  /** Settings that differ from PostgreSQL's defaults. Default: none. */
  readonly parameters?: Settings;
  /** pg_hba.conf. Default: every address may log in with a password by SCRAM, with or without TLS, as in the Docker image of PostgreSQL. */
  readonly access?: string;
}

/** Starts a server as it is without anybody's care: PostgreSQL's defaults, without TLS. It listens on the loopback address only. */
export async function startPlainServer(options: PlainServerOptions): Promise<PostgresServer> {
  const { folder, name, superuser, parameters, access = 'host all all all scram-sha-256\n' } = options;
  const binaries = stageBinaries(folder.path, options.major);
  const server = new PostgresServer(name, folder, binaries);
  await initialize(folder, binaries, { dataFolder: server.dataFolder, superuser });
  writeOwned(folder, `${name}/pg_hba.conf`, access);
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...parameters };
  appendFileSync(`${server.dataFolder}/postgresql.conf`, settingLines(settings));
  await server.start();
  return server;
}

/** What a new data folder has. */
interface Initialization {
  readonly dataFolder: string;
  readonly superuser: Superuser;
  /** More options of initdb. Default: none. */
  readonly flags?: readonly string[];
}

/** Makes the data folder of a new server. */
export async function initialize(
  folder: RunFolder,
  { initdb }: Binaries,
  { dataFolder, superuser, flags = [] }: Initialization,
): Promise<void> {
  const passwordFile = writeOwned(folder, `${basename(dataFolder)}.password`, superuser.password);
  const always = ['--no-sync', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
  await promisify(execFile)(
    initdb,
    [...always, ...flags, '-U', superuser.user, `--pwfile=${passwordFile}`, '-D', dataFolder],
    {
      ...folder.serverUser,
      cwd: folder.path,
      env: { LC_ALL: 'C', TZ: 'UTC' },
    },
  );
}
