import type { Command } from 'commander';
import { addHelpNotes, jsonOption, wholeNumberFrom } from './console/options';
import { action, type Outcome, startProgress } from './console/output';

interface BenchSynthOptions {
  readonly runs: number;
}

/** `npm run bench:synth` */
export function configure(command: Command): void {
  command
    .description(
      `Compares the synthesis of all environments with that of an app with one empty
stack, in CPU seconds of whole processes:
  - without a review: validation off on both sides, functions not bundled;
    goal at most 8 times
  - as npx cdk synth runs it: the command of cdk.json with rule packs,
    CloudFormation's validation and bundling, against an empty app with the
    CDK's defaults, which include that validation; goal at most 10 times
The CDK's command line itself is on neither side.`,
    )
    .option(
      '--runs <number>',
      "rounds to measure, after one that only fills the disk's cache; the figures are medians",
      wholeNumberFrom(1),
      5,
    )
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run bench:synth -- --runs 3',
    succeeds: 'both goals are reached',
    fails: 'a goal is missed',
  });
}

async function run({ runs }: BenchSynthOptions): Promise<Outcome> {
  const onProgress = startProgress();
  onProgress('measuring the first round');
  const { measureSynthesis, reachesGoals, synthesisText } = await import('../benchmark/synthesis/measure-synthesis');
  const report = measureSynthesis(runs, onProgress);
  return { text: synthesisText(report), json: report, ok: reachesGoals(report) };
}
