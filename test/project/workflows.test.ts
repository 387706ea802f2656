import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { COMMENT_MARKER } from '../../lib/cost/report/diff';
import { runFolder } from '../support/run/shared';

const FOLDER = join(__dirname, '../../.github/workflows');

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { run?: string; shell?: string }[] }>>;
}

function stepsOf(file: string): Workflow['jobs'][string]['steps'][number][] {
  const { jobs } = parse(readFileSync(join(FOLDER, file), 'utf8')) as Workflow;
  return Object.values(jobs).flatMap((job) => job.steps);
}

/** GitHub runs a step with `bash -e`, and with `-o pipefail` only where the step says `shell: bash`. */
test.each(readdirSync(FOLDER))('%s: a step with a pipe fails with any command of it', (file) => {
  const steps = stepsOf(file);
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.filter(({ run = '', shell }) => /[^|]\|[^|]/.test(run) && shell !== 'bash')).toEqual([]);
});

test('a workflow that comments finds its own comment by its marker, and never edits the last one of any', () => {
  const runs = readdirSync(FOLDER).map((file) =>
    stepsOf(file)
      .map(({ run = '' }) => run)
      .join('\n'),
  );
  const comments = runs.filter((run) => run.includes('gh pr comment'));
  expect(comments.length).toBeGreaterThan(0);
  expect(comments.filter((run) => run.includes('--edit-last'))).toEqual([]);
  const markers = comments.flatMap((run) => /<!-- .* -->/.exec(run) ?? []);
  expect(new Set(markers).size).toBe(comments.length);
  expect(markers).toContain(COMMENT_MARKER);
});

/** The command's words, one a line, and its input. */
const GH = `#!/bin/sh
printf '%s\\n' "$@" >> "$CALLS"
case "$*" in *--paginate*) printf '%s' "$OWN" ;; esac
`;

test.each([
  ['none yet', '', ['pr', 'comment', '7', '--body-file', 'x/cost.md']],
  ['one', '41', ['api', '--silent', '--method', 'PATCH', 'repos/o/r/issues/comments/41', '--field', 'body=@x/cost.md']],
  [
    'two',
    '41\n42',
    ['api', '--silent', '--method', 'PATCH', 'repos/o/r/issues/comments/41', '--field', 'body=@x/cost.md'],
  ],
])('the cost of a change, with %s of its comments there', (_, own, call) => {
  const folder = mkdtempSync(join(runFolder(), 'gh-'));
  writeFileSync(join(folder, 'gh'), GH, { mode: 0o755 });
  const calls = join(folder, 'calls');
  const { run } = stepsOf('cost.yml').find(({ run = '' }) => run.includes('gh pr comment'))!;
  const PATH = `${folder}:${process.env['PATH']}`;
  const env = { PATH, CALLS: calls, OWN: own, NUMBER: '7', REPOSITORY: 'o/r', RUNNER_TEMP: 'x' };
  expect(spawnSync('bash', ['-e', '-c', run!], { env }).status).toBe(0);
  expect(readFileSync(calls, 'utf8').trim().split('\n').slice(-call.length)).toEqual(call);
});
