import { constants, type Dirent } from 'node:fs';
import { chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerUser } from './run-folder';

/** Files copied at the same time: Node has this many threads for file operations. */
const COPIES_AT_ONCE = 4;

/** Options of copyTree. */
export interface CopyOptions {
  /** Owner of the copies. Default: the user of this process. */
  readonly owner?: ServerUser | undefined;
  /** Selects files and folders by their path below the source. Default: all. */
  readonly includes?: (path: string) => boolean;
}

/**
 * Copies a folder with its files and folders, several files at the same time. On file systems that support it the copies share blocks
 * with the originals. Nothing is flushed to the disk.
 * @throws Error where the folder contains a symbolic link
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
  if (entry.isSymbolicLink()) throw new Error(`${path} is a symbolic link; allowed: files and folders`);
  return entry.isDirectory();
}

/** A running server deletes files, for example of dropped tables. The replay of its WAL makes up for them. */
function ignoreVanished(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
