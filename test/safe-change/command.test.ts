import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/cli';
import { runFolder } from '../support/run/shared';

/** Nothing of this machine's AWS configuration. */
const env = () => ({
  ...{ AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: undefined, AWS_EC2_METADATA_DISABLED: 'true' },
  HOME: mkdtempSync(join(runFolder(), 'home-')),
});

test('against the record: nothing is refused, exit code 0, JSON alone on stdout', () => {
  const { status, stdout } = runCli(['diff', '--environment', 'dev', '--json']);
  expect([status, JSON.parse(stdout)]).toEqual([
    0,
    [
      {
        environment: 'dev',
        against: 'the record lib/safe-change/record/dev.json',
        changes: [],
        staleEntries: [],
      },
    ],
  ]);
});

test.each([
  [['--environment', 'dev', '--against', 'lib'], /^lib has no templates of dev; allowed: [^\n]*cdk\.out\n$/],
  [['--never-deployed'], /^--never-deployed needs --environment; allowed: one of dev, production, staging [^\n]*\n$/],
  [
    ['--environment', 'dev', '--against', 'deployed'],
    /^AWS credentials are missing, expired or refused \([^\n]*\); log in, [^\n]*start it again\n$/,
  ],
])('%j ends with one sentence and exit code 1', (args, sentence) => {
  const { status, stdout, stderr } = runCli(['diff', ...args], { env: env() });
  const withoutProgress = stderr.replace(/^( +\d+\.\d s {2}|Bundling asset )[^\n]*\n/gm, '');
  expect([status, stdout, withoutProgress]).toEqual([1, '', expect.stringMatching(sentence)]);
});
