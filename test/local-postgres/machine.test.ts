import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireMachine } from '../../lib/local-postgres/machine';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'machine-test-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function folderNamed(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

test('a usual folder with enough disk is accepted', async () => {
  await expect(requireMachine({ folder: folderNamed("a usual, it's (1) folder"), diskGb: 0.001 })).resolves.toBe(
    undefined,
  );
});

test('too little disk is a sentence with what is free and what is needed', async () => {
  await expect(requireMachine({ folder, diskGb: 1e6 })).rejects.toThrow(
    /^\/.* has \d+\.\d GB free, and this needs 1000000\.0 GB; free some, or set TMPDIR to a folder with more$/,
  );
});

test.each(['50%', '"quoted"', '$HOME', 'back`tick', 'back\\slash'])(
  'the folder %s is refused, because PostgreSQL cannot archive to it',
  async (name) => {
    await expect(requireMachine({ folder: folderNamed(name), diskGb: 0 })).rejects.toThrow(
      /in its path, which PostgreSQL cannot archive to; set TMPDIR to another$/,
    );
  },
);

test('a path that is too long for PostgreSQL is refused', async () => {
  await expect(requireMachine({ folder: `/${'x'.repeat(700)}`, diskGb: 0 })).rejects.toThrow(
    'the folder for temporary files has a path of 701 characters; allowed: 600; set TMPDIR to another',
  );
});
