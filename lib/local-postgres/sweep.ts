import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** How the folder of a run is called; its owner's process id and a random end follow. */
export const RUN_FOLDER_PREFIX = 'postgres-rehearsal-';

/**
 * Ends the servers and removes the folders of runs whose process is gone: it was killed in a way that no program survives.
 * @param parent the folder that runs are made in
 */
export function sweepDeadRuns(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${RUN_FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const folder = join(parent, name);
    for (const pid of serversOf(folder)) kill(pid);
    remove(folder);
  }
}

/** Servers are known by their command line, which names the folder: a process id alone may have been given to another program. */
function serversOf(folder: string): number[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`${folder}/native/bin/postgres -D ${folder}/`))
    .map((line) => Number.parseInt(line, 10));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function kill(pid: number): void {
  try {
    // The servers of a run lead process groups of their own.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    // Another user's run: theirs to clear up.
  }
}
