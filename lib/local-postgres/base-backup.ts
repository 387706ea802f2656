import { mkdirSync, writeFileSync } from 'node:fs';
import type { Client } from 'pg';
import { copyTree } from './copy-tree';
import type { RunFolder } from './run-folder';

/** What a copy must not carry: the primary's own slots (a standby refuses their leftovers), WAL, process and statistics files. */
const EMPTY_FOLDERS = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const EXCLUDED_FILES = ['postmaster.pid', 'postmaster.opts', 'postgresql.auto.conf', 'standby.signal'];

/** What a base backup needs to be consistent. */
export interface BaseBackup {
  /** Name of the last WAL file that has to be replayed on top. */
  readonly lastWalFile: string;
  /** From here on the copy is a whole database, by the server's clock. */
  readonly consistentAt: Date;
}

/**
 * Copies a running server's data folder, as pg_basebackup would, which the package does not have. It does not wait for the WAL to
 * be archived: a replica streams it.
 */
export async function takeBaseBackup(
  superuser: Client,
  folder: RunFolder,
  source: string,
  target: string,
): Promise<BaseBackup> {
  await superuser.query("SELECT pg_backup_start('rehearsal', fast => true)");
  await copyTree(source, target, { owner: folder.serverUser, includes: isIncluded });
  mkdirSync(`${target}/pg_wal/archive_status`);
  const { rows } = await superuser.query<{ labelfile: string; file: string; at: Date }>(
    `SELECT labelfile, pg_walfile_name(lsn) AS file, clock_timestamp() AS at
       FROM pg_backup_stop(wait_for_archive => false)`,
  );
  const [stopped] = rows;
  if (!stopped) throw new Error('the server did not say where the base backup ends');
  writeFileSync(`${target}/backup_label`, stopped.labelfile, { mode: 0o600 });
  for (const path of ['pg_wal/archive_status', 'backup_label']) folder.give(`${target}/${path}`);
  return { lastWalFile: stopped.file, consistentAt: stopped.at };
}

function isIncluded(path: string): boolean {
  const [first = '', second] = path.split('/');
  return !EXCLUDED_FILES.includes(first) && !(second !== undefined && EMPTY_FOLDERS.includes(first));
}
