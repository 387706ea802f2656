import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT_NAMES } from '../../lib/config';
import { runFolder } from '../support/run/shared';
import { expectFile, expectNoOtherFiles } from '../support/snapshot/expect-file';
import { outline } from '../support/snapshot/outline';
import { stackTemplates, synthesizeProductionWith } from '../support/synth';

/** Written by `npx jest test/stacks/snapshots -u`. */
const FOLDER = join(__dirname, '__snapshots__');
const MOST_LINES = 12_000;

const snapshots = ENVIRONMENT_NAMES.flatMap((environment) =>
  Object.entries(stackTemplates(environment)).map(([stack, template]) => ({
    environment,
    stack,
    file: join(FOLDER, environment, `${stack}.yaml`),
    template,
  })),
);

test.each(snapshots)('$environment/$stack is as reviewed last', ({ file, template }) => {
  expectFile(file, outline(template));
});

test('no snapshot is left of a stack that is gone, and all can be read', () => {
  const files = snapshots.map(({ file }) => file);
  expectNoOtherFiles(FOLDER, [...files, join(FOLDER, 'stateful.test.ts.snap')]);
  const lines = files.map((file) => readFileSync(file, 'utf8').split('\n').length);
  expect(lines.reduce((sum, each) => sum + each, 0)).toBeLessThan(MOST_LINES);
});

test('another threshold of an alert with an alarm for each server is a small diff', () => {
  const changed = synthesizeProductionWith({
    alerts: { overrides: { PostgreSQLTooManyConnections: { threshold: 0.7 } } },
  });
  const before = join(FOLDER, 'production/Monitoring.yaml');
  const after = join(mkdtempSync(join(runFolder(), 'diff-')), 'Monitoring.yaml');
  writeFileSync(after, outline(changed.monitoring.toJSON()));
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--no-color', before, after], { encoding: 'utf8' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.filter((line) => /^\+ .*TooManyConnections.* > 140, 6 of 6/.test(line))).toHaveLength(3);
  expect(lines.length).toBeLessThan(30);
});
