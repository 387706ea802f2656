import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engines } from '../../../package.json';
import { requireNode } from '../../../lib/commands/console/require-node';
import { ROOT } from '../../support/cli';

test.each(['v18.20.8', 'v16.0.0', 'v9.11.2', 'unknown'])('%s is refused with a sentence', (version) => {
  expect(() => requireNode(version)).toThrow(
    `this is Node.js ${version}; allowed: 20 or later; install one from your system or nvm`,
  );
});

test.each(['v20.0.0', 'v22.1.0', 'v100.0.0'])('%s is accepted, as by package.json', (version) => {
  expect(engines.node).toBe('>=20');
  expect(() => requireNode(version)).not.toThrow();
});

test('it is the first import of the program: a package that an old Node.js cannot load comes later', () => {
  const [first] = readFileSync(join(ROOT, 'bin/cli.ts'), 'utf8').match(/^import .*/m) ?? [];
  expect(first).toBe("import '../lib/commands/console/require-node';");
});
