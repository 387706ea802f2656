import { existsSync, readFileSync } from 'node:fs';

/** Where Linux says what shared memory a process uses; elsewhere nothing does. */
export const SHARED_MEMORY_IS_LISTED = existsSync('/proc/sysvipc/shm');

/** Shared memory that the operating system keeps until somebody gives it back: paths of files, ids of System V segments. */
export type SharedMemory = readonly string[];

/** The shared memory of a server, by the process id of its postmaster; none where it is not listed. */
export function sharedMemoryOf(postmaster: number): SharedMemory {
  if (!SHARED_MEMORY_IS_LISTED) return [];
  const lines = readFileSync(`/proc/${postmaster}/maps`, 'utf8').split('\n');
  const found = lines.flatMap((line) => {
    const [, , , , inode, path = ''] = line.split(/ +/);
    // The inode of a System V segment is its id.
    return path.startsWith('/SYSV') ? inode! : path.startsWith('/dev/shm/PostgreSQL.') ? path : [];
  });
  return [...new Set(found)];
}

/** What of it still exists. */
export function keptOf(memory: SharedMemory): SharedMemory {
  if (!SHARED_MEMORY_IS_LISTED) return [];
  const ids = readFileSync('/proc/sysvipc/shm', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/ +/)[1]);
  return memory.filter((each) => (each.startsWith('/') ? existsSync(each) : ids.includes(each)));
}
