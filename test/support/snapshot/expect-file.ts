import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Jest's modes: `all` with -u, `none` with --ci, otherwise `new`. */
type UpdateMode = 'all' | 'new' | 'none';

/**
 * As Jest's snapshots, with a file of its own for each: expects the file to have this content. Written with `-u` and, where it is missing,
 * without `--ci`.
 */
export function expectFile(file: string, content: string): void {
  const mode = updateMode();
  if (mode === 'all' || (mode === 'new' && !existsSync(file))) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  if (!existsSync(file)) throw new Error(`${file} is missing; run the test with -u and commit the file`);
  expect(content).toBe(readFileSync(file, 'utf8'));
}

/** Expects a folder to have no other files than these, at any depth. Others are removed with `-u`. */
export function expectNoOtherFiles(folder: string, files: readonly string[]): void {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const obsolete = found.filter((file) => !files.includes(file));
  if (updateMode() === 'all') for (const file of obsolete) rmSync(file);
  else expect(obsolete.map((file) => relative(folder, file))).toEqual([]);
}

/** Jest tells its matchers the mode in the state of snapshots, as its own toMatchSnapshot reads it. */
function updateMode(): UpdateMode {
  const { snapshotState } = expect.getState() as { snapshotState?: { _updateSnapshot?: UpdateMode } };
  const mode = snapshotState?._updateSnapshot;
  if (mode === undefined) throw new Error('this version of Jest does not say whether snapshots are updated');
  return mode;
}
