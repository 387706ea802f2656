import { mkdirSync, writeFileSync } from 'node:fs';
import type { Client } from 'pg';
import { copyTree } from '../copy-tree';
import type { RunFolder } from '../run-folder';

/** Folders that are empty in a backup: WAL, replication slots (a standby does not start with the primary's), statistics and other runtime data. */
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
/** Files that a backup must not contain. */
const EXCLUDED_FILES = ['postmaster.pid', 'postmaster.opts', 'postgresql.auto.conf', 'standby.signal'];

/** A base backup; it is consistent once its WAL is replayed. */
export interface BaseBackup {
  /** Name of the last WAL file that must be replayed. */
  readonly lastWalFile: string;
  /** Earliest moment to which the backup can be restored, by the server's clock. */
  readonly consistentAt: Date;
}

/**
 * Copies a running server's data folder as pg_basebackup would; the npm package of PostgreSQL does not contain that program. Does not wait
 * until the WAL is archived: a replica streams it.
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
  if (!stopped) throw new Error('pg_backup_stop returned no row, so the end of the base backup is unknown');
  writeFileSync(`${target}/backup_label`, stopped.labelfile, { mode: 0o600 });
  for (const path of ['pg_wal/archive_status', 'backup_label']) folder.give(`${target}/${path}`);
  return { lastWalFile: stopped.file, consistentAt: stopped.at };
}

function isIncluded(path: string): boolean {
  const [first = '', second] = path.split('/');
  return !EXCLUDED_FILES.includes(first) && !(second !== undefined && EMPTY_FOLDERS.includes(first));
}
