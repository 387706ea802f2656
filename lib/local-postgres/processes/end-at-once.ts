import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** An immediate shutdown takes hundredths of a second; a server that does not answer, because it is suspended, is killed. */
const PATIENCE_MS = 3000;
const POLL_MS = 5;

/**
 * Ends a server at once, without waiting for sessions, and waits until it has ended. By an immediate shutdown, because a killed postmaster
 * leaves its shared memory to the machine: files in /dev/shm and a System V segment, which only PostgreSQL's next start in the same folder
 * gives back. The folder of a run is deleted, and where the segments reach kernel.shmmni no server starts any more.
 * @param postmaster its process id; any other process that leads its own group, such as PgBouncer, is killed
 */
export function endAtOnce(postmaster: number, dataFolder: string): void {
  // The last thing that a postmaster does is to remove this file.
  const lock = join(dataFolder, 'postmaster.pid');
  if (signal(postmaster, 'SIGQUIT')) waitWhile(() => existsSync(lock));
  // Each server leads its own process group.
  signal(-postmaster, 'SIGKILL');
}

/** Waits without giving way to anything else: this also runs while the process exits. */
function waitWhile(condition: () => boolean): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (const until = Date.now() + PATIENCE_MS; condition() && Date.now() < until;) Atomics.wait(sleeper, 0, 0, POLL_MS);
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    // It has already ended.
    return false;
  }
}
