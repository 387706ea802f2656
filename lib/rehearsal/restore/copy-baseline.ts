import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree } from '../../local-postgres/copy-tree';
import type { RunFolder } from '../../local-postgres/run-folder';
import type { AutomatedBackups } from './local-rds/automated-backups';

/** Files that a restore reads, with their bytes. */
export interface RestoreFolder {
  readonly folder: string;
  readonly files: ReadonlySet<string>;
  readonly bytes: number;
}

/** What a restore reads now: what is archived later no restore to an earlier moment needs. */
export function restoreFiles({ base, archive }: AutomatedBackups): RestoreFolder[] {
  return [base, archive].map((folder) => {
    const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    // A WAL file that is not whole yet.
    const files = entries.filter((file) => !file.endsWith('.tmp'));
    const bytes = files.map((file) => statSync(join(folder, file))).filter((stat) => stat.isFile());
    return { folder, files: new Set(files), bytes: bytes.reduce((total, { size }) => total + size, 0) };
  });
}

/** Copies them as a restore does. Seconds. */
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

/** With the mean of a copy before and one after: the machine may do other things beside. */
export function comparedWithCopies(
  restoreSeconds: number,
  copies: readonly [number, number],
): { copySeconds: number; ratio: number } {
  const copySeconds = (copies[0] + copies[1]) / 2;
  return { copySeconds, ratio: restoreSeconds / copySeconds };
}
