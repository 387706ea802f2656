import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The project's folder. */
export const ROOT = join(__dirname, '../..');

/** Folders that nobody writes by hand. */
const IGNORED = ['node_modules', '.git', 'cdk.out', 'rehearsal', 'bench', 'coverage'];

/** All files of the project that people write or review, relative to its folder. */
export function projectFiles(folder = ROOT): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (folder === ROOT && IGNORED.includes(name)) return [];
    return statSync(path).isDirectory() ? projectFiles(path) : [relative(ROOT, path)];
  });
}

/** How many files each folder has, subfolders not counted. */
export function filesPerFolder(files: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return counts;
}
