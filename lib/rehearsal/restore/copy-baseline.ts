import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree } from '../../local-postgres/copy-tree';
import type { RunFolder } from '../../local-postgres/run-folder';
import type { AutomatedBackups } from './local-rds/automated-backups';

/** A folder with the files in it that a restore reads. */
export interface RestoreFolder {
  readonly folder: string;
  /** Paths below the folder, subfolders included. */
  readonly files: ReadonlySet<string>;
  /** Size of the files. */
  readonly bytes: number;
}

/** The files that a restore needs now. A restore to an earlier moment needs no WAL that is archived later. */
export function restoreFiles({ base, archive }: AutomatedBackups): RestoreFolder[] {
  return [base, archive].map((folder) => {
    const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    // `.tmp` is a WAL file that is still being copied.
    const files = entries.filter((file) => !file.endsWith('.tmp'));
    const stats = files.map((file) => statSync(join(folder, file))).filter((stat) => stat.isFile());
    return { folder, files: new Set(files), bytes: stats.reduce((total, { size }) => total + size, 0) };
  });
}

/** Copies the files as a restore does and deletes the copies. Returns the seconds that the copying took. */
export async function timeToCopy(folders: readonly RestoreFolder[], run: RunFolder): Promise<number> {
  const target = join(run.path, 'copied');
  const started = Date.now();
  for (const [i, { folder, files }] of folders.entries()) {
    await copyTree(folder, join(target, String(i)), { owner: run.serverUser, includes: (path) => files.has(path) });
  }
  const seconds = (Date.now() - started) / 1000;
  rmSync(target, { recursive: true });
  return seconds;
}

/** Compares a restore with the mean of a copy before it and a copy after it, because the load of the machine varies. */
export function compareWithCopies(
  restoreSeconds: number,
  copies: readonly [number, number],
): { readonly copySeconds: number; readonly ratio: number } {
  const copySeconds = (copies[0] + copies[1]) / 2;
  return { copySeconds, ratio: restoreSeconds / copySeconds };
}
