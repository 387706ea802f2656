import { constants, type Dirent } from 'node:fs';
import { chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerUser } from './run-folder';

/** Files copied at once: as many as Node has threads for files. */
const COPIES_AT_ONCE = 4;

/** How to copy. */
export interface CopyOptions {
  /** Whom the copies belong to. Default: ourselves. */
  readonly owner?: ServerUser | undefined;
  /** Which files and folders go along, by their path below the source. Default: all. */
  readonly includes?: (path: string) => boolean;
}

/**
 * Copies a folder of files and folders (no links), several files at once. File systems that can share blocks between files do so;
 * nothing is flushed to the disk, as all of a rehearsal.
 */
export async function copyTree(
  source: string,
  target: string,
  { owner, includes = () => true }: CopyOptions = {},
): Promise<void> {
  const give = async (path: string) => owner && (await chown(path, owner.uid, owner.gid));
  const files: string[] = [];
  const makeFolder = async (path: string): Promise<void> => {
    await mkdir(join(target, path), { recursive: true, mode: 0o700 });
    await give(join(target, path));
    for (const entry of await readdir(join(source, path), { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (!includes(inner)) continue;
      if (isFolder(entry, inner)) await makeFolder(inner);
      else files.push(inner);
    }
  };
  await makeFolder('');
  const copyNext = async (): Promise<void> => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) {
      await copyFile(join(source, file), join(target, file), constants.COPYFILE_FICLONE).catch(ignoreVanished);
      await give(join(target, file)).catch(ignoreVanished);
    }
  };
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, copyNext));
}

function isFolder(entry: Dirent, path: string): boolean {
  if (entry.isSymbolicLink()) throw new Error(`${path} is a link; a data folder of a rehearsal has none`);
  return entry.isDirectory();
}

/** A running server removes files, of dropped tables for one; its WAL makes up for it. */
function ignoreVanished(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
