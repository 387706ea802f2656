import { existsSync } from 'node:fs';
import { RunsFolder, startRehearsal } from '../support/rehearsal-run';

let folder: RunsFolder;
beforeEach(() => {
  folder = new RunsFolder();
});
afterEach(() => folder.remove());

test.each([
  [
    '--environment',
    'prod',
    "option '--environment <name>' argument 'prod' is invalid. Allowed choices are dev, production, staging.",
  ],
  [
    '--restore-size-gb',
    'much',
    "option '--restore-size-gb <number>' argument 'much' is invalid. Allowed: a number from 0.1 to 20.",
  ],
])(
  'fails with a sentence, not a stack trace, on %s %s',
  async (flag, value, sentence) => {
    const { exit, output } = startRehearsal(folder, flag, value);
    expect(await exit).toEqual([1, null]);
    expect(output().trim()).toBe(sentence);
    expect(existsSync(folder.report)).toBe(false);
  },
  30_000,
);

test('tells how it is used', async () => {
  const { exit, output } = startRehearsal(folder, '--help');
  expect(await exit).toEqual([0, null]);
  expect(output()).toMatch(
    /--environment <name> .*\(choices: "dev",\s+"production", "staging", default: "production"\)/,
  );
}, 30_000);
