import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFolder } from './run-folder';

/** PostgreSQL settings by name, with values as in postgresql.conf. */
export type Settings = Readonly<Record<string, string>>;

/** Settings of every local server. */
const COMMON: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  ssl: 'on',
  ssl_cert_file: '../server.crt',
  ssl_key_file: '../server.key',
  password_encryption: 'scram-sha-256',
  shared_preload_libraries: 'pg_stat_statements',
  wal_level: 'replica',
  hot_standby: 'on',
  // On as on RDS, because changing it needs a restart. Nothing is stored until an archive_command is set.
  archive_mode: 'on',
  archive_command: 'true',
  // The data is deleted after the run. A killed process loses nothing without fsync; only a power cut would.
  fsync: 'off',
};

/** Writes a server's postgresql.conf. Later settings take precedence. */
export function writeConfiguration(folder: RunFolder, server: string, ...settings: (Settings | undefined)[]): void {
  writeOwned(folder, `${server}/postgresql.conf`, settingLines(Object.assign({}, COMMON, ...settings) as Settings));
}

/** The lines of postgresql.conf for settings. */
export function settingLines(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${quoted(value)}\n`)
    .join('');
}

/** Writes a file into the run's folder that only the servers' user may read. Returns its path. */
export function writeOwned(folder: RunFolder, name: string, content: string): string {
  const file = join(folder.path, name);
  writeFileSync(file, content, { mode: 0o600 });
  folder.give(file);
  return file;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
