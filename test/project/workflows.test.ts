import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FOLDER = join(__dirname, '../../.github/workflows');

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { run?: string; shell?: string }[] }>>;
}

/** GitHub runs a step with `bash -e`, and with `-o pipefail` only where the step says `shell: bash`. */
test.each(readdirSync(FOLDER))('%s: a step with a pipe fails with any command of it', (file) => {
  const { jobs } = parse(readFileSync(join(FOLDER, file), 'utf8')) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.filter(({ run = '', shell }) => /[^|]\|[^|]/.test(run) && shell !== 'bash')).toEqual([]);
});
