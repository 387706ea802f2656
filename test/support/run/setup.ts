import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FOLDER_PREFIX, sweepDeadRuns } from '../../../lib/local-postgres/processes/sweep';
import { RUN_FOLDER } from './shared';

/** Files in memory, where there is room for the servers of all workers: hundreds are made and deleted in a run. */
const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 8 * 2 ** 30;
/** Within the folder of a run: what its test files make for themselves, servers included. */
const TEMPORARY = 'tmp';

/**
 * Jest's globalSetup: ends what an interrupted run left behind, and makes the folder of this run. It has all temporary files, and what the
 * test files share: the first that needs something fills it.
 */
export default function setup(): void {
  for (const place of [IN_MEMORY, tmpdir()].filter((each) => existsSync(each))) sweep(place);
  const parent = hasRoom(IN_MEMORY) ? IN_MEMORY : tmpdir();
  const folder = mkdtempSync(join(parent, `${RUN_FOLDER_PREFIX}${process.pid}-`));
  const temporary = join(folder, TEMPORARY);
  mkdirSync(temporary);
  // Servers run as another user where the tests run as root.
  for (const path of [folder, temporary]) chmodSync(path, 0o755);
  process.env[RUN_FOLDER] = folder;
  process.env.TMPDIR = temporary;
}

/** First what the test files of a run left behind in its folder, then the folder. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(RUN_FOLDER_PREFIX)))
    if (existsSync(join(parent, name, TEMPORARY))) sweepDeadRuns(join(parent, name, TEMPORARY));
  sweepDeadRuns(parent);
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}
