import { parseArgs } from 'node:util';
import { measureSynthesis, reachesGoals, synthesisText } from '../lib/benchmark/synthesis/measure-synthesis';
import { run } from './run';

const USAGE = `npm run bench:synth [-- --runs 5] [--json]

Compares the synthesis of all environments with that of an app with one empty stack, in CPU seconds of whole processes, run in turn:
  - without a review: validation off on both sides, functions not bundled; goal at most 8 times
  - as npx cdk synth runs it: the command of cdk.json with rule packs, CloudFormation's validation and bundling, against an empty app
    with the CDK's defaults, which include that validation but no rule packs; goal at most 10 times
The CDK's command line itself is on neither side.
  --runs   rounds that are measured, after one that only warms the disk's cache; default 5. The figures are medians
  --json   prints the figures as JSON
Exit code 0: both goals were reached; 1: one was missed, or wrong usage.
Example: npm run bench:synth -- --runs 3`;

run(() => {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return say(USAGE, 0);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs is "${values.runs}"; allowed: a whole number from 1`);
  const report = measureSynthesis(runs, (line) => process.stderr.write(`${line}\n`));
  return say(values.json ? JSON.stringify(report) : synthesisText(report), reachesGoals(report) ? 0 : 1);
});

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
