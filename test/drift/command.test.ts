import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/cli';
import { runFolder } from '../support/run/shared';

test('without credentials it ends with one sentence and exit code 1, and nothing is on stdout', () => {
  const env = {
    ...{ AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: undefined, AWS_EC2_METADATA_DISABLED: 'true' },
    HOME: mkdtempSync(join(runFolder(), 'home-')),
  };
  const { status, stdout, stderr } = runCli(['drift', '--environment', 'dev', '--json'], { env });
  const withoutProgress = stderr.replace(/^ +\d+\.\d s {2}[^\n]*\n/gm, '');
  expect([status, stdout]).toEqual([1, '']);
  expect(withoutProgress).toMatch(
    /^AWS credentials are missing, expired or refused \([^\n]*\); log in, [^\n]*start it again\n$/,
  );
});
