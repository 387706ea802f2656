import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'lock-file-'))));
afterAll(() => rmSync(folder, { recursive: true }));

// A registry that has only this platform's packages silently leaves those of others out of the lock file.
test('npm ci can install what the lock file holds', () => {
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(name, join(folder, name));
  const { status, stderr } = spawnSync('npm', ['ci', '--dry-run', '--offline'], { cwd: folder, encoding: 'utf8' });
  expect({ status, missing: stderr.match(/Missing: .*/g) }).toEqual({ status: 0, missing: null });
});
