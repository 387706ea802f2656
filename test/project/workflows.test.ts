import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { scripts } from '../../package.json';
import { ENVIRONMENT_NAMES } from '../../lib/config';
import { COMMENT_MARKER } from '../../lib/cost/report/diff';
import { runFolder } from '../support/run/shared';

const FOLDER = join(__dirname, '../../.github/workflows');

interface Step {
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly environment?: string;
  readonly strategy?: { readonly matrix: { readonly environment: readonly string[] } };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (file: string) => parse(readFileSync(join(FOLDER, file), 'utf8')) as Workflow;

function stepsOf(file: string): Step[] {
  return Object.values(workflow(file).jobs).flatMap((job) => job.steps);
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
  ['none yet', '', ['pr', 'comment', '7', '--body-file', 'x/change.md']],
  [
    'one',
    '41',
    ['api', '--silent', '--method', 'PATCH', 'repos/o/r/issues/comments/41', '--field', 'body=@x/change.md'],
  ],
  [
    'two',
    '41\n42',
    ['api', '--silent', '--method', 'PATCH', 'repos/o/r/issues/comments/41', '--field', 'body=@x/change.md'],
  ],
])('the cost of a change, with %s of its comments there', (_, own, call) => {
  const folder = mkdtempSync(join(runFolder(), 'gh-'));
  writeFileSync(join(folder, 'gh'), GH, { mode: 0o755 });
  const calls = join(folder, 'calls');
  const { run } = stepsOf('pull-request.yml').find(({ run = '' }) => run.includes('gh pr comment'))!;
  const PATH = `${folder}:${process.env['PATH']}`;
  const env = { PATH, CALLS: calls, OWN: own, NUMBER: '7', REPOSITORY: 'o/r', RUNNER_TEMP: 'x' };
  expect(spawnSync('bash', ['-e', '-c', run!], { env }).status).toBe(0);
  expect(readFileSync(calls, 'utf8').trim().split('\n').slice(-call.length)).toEqual(call);
});

/** Stands in for npm and git: prints what was asked for, and fails when FAILING is part of its call. */
const TOOL = `#!/bin/sh
echo "$(basename "$0") $*"
case "$*" in *"$FAILING"*) exit 1 ;; esac
`;

test.each([
  ['nothing', 'nothing at all', '0'],
  ['the bill', ' cost ', '1'],
  ['a change that loses data', ' diff -- ', '1'],
])('the comment has the bill, the changes and the snapshots, with %s refused', (_, FAILING, status) => {
  const folder = mkdtempSync(join(runFolder(), 'change-'));
  for (const tool of ['npm', 'git']) writeFileSync(join(folder, tool), TOOL, { mode: 0o755 });
  const at = (name: string) => join(folder, name);
  const { run } = stepsOf('pull-request.yml').find((step) => step.run?.includes('--against'))!;
  const env = {
    ...{ PATH: `${folder}:${process.env['PATH']}`, FAILING, BASE: 'abc', RUNNER_TEMP: folder },
    ...{ GITHUB_STEP_SUMMARY: at('summary'), GITHUB_OUTPUT: at('output') },
  };
  expect(spawnSync('bash', ['-e', '-c', run!], { env }).status).toBe(0);
  const comment = readFileSync(at('change.md'), 'utf8');
  expect(comment.startsWith(COMMENT_MARKER)).toBe(true);
  for (const part of ['npm run --silent cost', 'npm run --silent diff', 'git diff --stat abc']) {
    expect(comment).toContain(part);
  }
  expect(readFileSync(at('summary'), 'utf8')).toBe(comment);
  expect(readFileSync(at('output'), 'utf8')).toBe(`status=${status}\n`);
});

test.each(readdirSync(FOLDER))('%s: actions are pinned by commit, and every npm script that it runs exists', (file) => {
  const steps = stepsOf(file);
  expect(steps.filter(({ uses }) => uses !== undefined && !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  const called = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)]);
  expect(called.map(([, name]) => name!).filter((name) => !(name in scripts))).toEqual([]);
});

const jobs = readdirSync(FOLDER).flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ ...workflow(file), file, name, job })),
);
const entersAccount = ({ steps }: Job) => steps.some(({ uses = '' }) => uses.startsWith('aws-actions/'));

test('no workflow that a pull request starts may enter an account, and those that may ask for nothing else', () => {
  const found = jobs.filter(({ job }) => entersAccount(job));
  expect(found.map(({ file, name }) => `${file} ${name}`).sort()).toEqual([
    'deploy.yml deploy',
    'deploy.yml plan',
    'weekly.yml drift',
  ]);
  for (const { on, job, permissions } of found) {
    expect(Object.keys(on).filter((event) => !['workflow_dispatch', 'schedule'].includes(event))).toEqual([]);
    expect(permissions).toEqual({ contents: 'read' });
    expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  }
  for (const { job } of jobs.filter((each) => !entersAccount(each.job))) {
    expect(Object.keys(job.permissions ?? {})).not.toContain('id-token');
  }
});

test('what deploys waits for the approval of its GitHub environment, which is one of ours', () => {
  const { on, jobs: all } = workflow('deploy.yml');
  const deploying = Object.values(all).filter(({ steps }) => steps.some(({ run = '' }) => run.includes('cdk deploy')));
  expect(deploying.map(({ environment }) => environment)).toEqual(['${{ inputs.environment }}']);
  const { inputs } = on['workflow_dispatch'] as { inputs: { environment: { options: string[] } } };
  const { drift } = workflow('weekly.yml').jobs;
  for (const names of [inputs.environment.options, drift!.strategy!.matrix.environment]) {
    expect([...names].sort()).toEqual([...ENVIRONMENT_NAMES].sort());
  }
});
