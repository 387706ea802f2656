import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';

const GIGABYTE = 1e9;
/** PostgreSQL's programs fail with paths of about 900 characters (measured with initdb); file names below the folder need some of them. */
const LONGEST_FOLDER = 600;
/** Characters that PostgreSQL's archive_command or the shell that runs it would not take as they are. */
const UNUSABLE = /[%"$`\\\n]/;

/** What the servers of a run need of this machine. */
export interface MachineNeeds {
  /** Folder for temporary files. */
  readonly folder: string;
  /** Free disk, gigabytes. */
  readonly diskGb: number;
}

/**
 * Checks that servers can run on this machine, before anything is started.
 * @throws Error with a sentence about what is missing and what to do
 */
export async function requireMachine({ folder, diskGb }: MachineNeeds): Promise<void> {
  requireFolder(folder);
  requireDisk(folder, diskGb);
  await requireLoopback();
}

function requireFolder(folder: string): void {
  if (folder.length > LONGEST_FOLDER)
    throw new Error(
      `the folder for temporary files has a path of ${folder.length} characters; allowed: ${LONGEST_FOLDER}; set TMPDIR to another`,
    );
  const [found] = UNUSABLE.exec(folder) ?? [];
  if (found !== undefined)
    throw new Error(
      `the folder for temporary files, ${folder}, has ${JSON.stringify(found)} in its path, which PostgreSQL cannot archive to; set TMPDIR to another`,
    );
}

function requireDisk(folder: string, diskGb: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const freeGb = (bavail * bsize) / GIGABYTE;
  if (freeGb < diskGb)
    throw new Error(
      `${folder} has ${freeGb.toFixed(1)} GB free, and this needs ${diskGb.toFixed(1)} GB; free some, or set TMPDIR to a folder with more`,
    );
}

/** The servers listen on 127.0.0.1 and are called localhost, the name in their certificates. */
async function requireLoopback(): Promise<void> {
  const { address } = await lookup('localhost', { family: 4 }).catch(() => ({ address: 'nothing' }));
  if (address !== '127.0.0.1')
    throw new Error(`localhost resolves to ${address}; allowed: 127.0.0.1; put "127.0.0.1 localhost" into /etc/hosts`);
  const server = createServer();
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`no server can listen on 127.0.0.1 (${code}); bring the loopback interface up`, { cause: error });
  } finally {
    server.close();
  }
}
