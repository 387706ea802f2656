import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endAtOnce } from './end-at-once';

/** Start of the name of a run's folder; the process id of its owner and a random suffix follow. */
export const RUN_FOLDER_PREFIX = 'postgres-rehearsal-';

/**
 * Kills the servers and deletes the folders of runs whose process was killed before it could do so itself.
 * @param parent the folder that contains the folders of runs
 */
export function sweepDeadRuns(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${RUN_FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const folder = join(parent, name);
    for (const { pid, dataFolder } of serversOf(folder)) endAtOnce(pid, dataFolder);
    remove(folder);
  }
}

/** Servers are recognized by the folder in their command line: a process id may have been reused by another program. */
function serversOf(folder: string): { readonly pid: number; readonly dataFolder: string }[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter(
      (line) =>
        (line.includes(`${folder}/native`) && line.includes(`/bin/postgres -D ${folder}/`)) ||
        line.includes(`pgbouncer ${folder}/`),
    )
    .map((line) => ({ pid: Number.parseInt(line, 10), dataFolder: / -D (\S+)/.exec(line)?.[1] ?? folder }));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    // The run belongs to another user, who must delete it.
  }
}
