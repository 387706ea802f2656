import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Client } from 'pg';

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

/** Copies a running server's data folder, as pg_basebackup would, which the package does not have. */
export async function takeBaseBackup(superuser: Client, source: string, target: string): Promise<void> {
  await superuser.query("SELECT pg_backup_start('rehearsal', fast => true)");
  cpSync(source, target, {
    recursive: true,
    filter: (path) => {
      const [first, second] = relative(source, path).split('/');
      return !EXCLUDED_FILES.includes(first ?? '') && !(second !== undefined && EMPTY_FOLDERS.includes(first ?? ''));
    },
  });
  mkdirSync(`${target}/pg_wal/archive_status`, { recursive: true });
  const { rows } = await superuser.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop()');
  writeFileSync(`${target}/backup_label`, rows[0]?.labelfile ?? '');
}
