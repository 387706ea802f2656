import { runWithAws } from '../support/aws/endpoint';

test('without credentials it ends with one sentence and exit code 1, and nothing is on stdout', async () => {
  const { code, stdout, stderr } = await runWithAws(['drift', '--environment', 'dev', '--json']);
  const withoutProgress = stderr.replace(/^ +\d+\.\d s {2}[^\n]*\n/gm, '');
  expect([code, stdout]).toEqual([1, '']);
  expect(withoutProgress).toMatch(
    /^AWS credentials are missing, expired or refused \([^\n]*\); log in, [^\n]*start it again\n$/,
  );
});
