import type { Command } from 'commander';
import { addHelpNotes, jsonOption, wholeNumberFrom } from './options';
import { action, type Outcome, startProgress } from './output';

interface BenchSynthOptions {
  readonly runs: number;
}

/** `npm run bench:synth` */
export function configure(command: Command): void {
  command
    .description(
      'Compares a synthesis of all environments, validation off and functions not bundled, with that of an app with one empty stack: CPU seconds of whole processes, medians.',
    )
    .option('--runs <number>', 'pairs of syntheses to measure', wholeNumberFrom(1), 5)
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run bench:synth -- --runs 3',
    succeeds: 'the ratio is within its goal',
    fails: 'the ratio is over its goal',
  });
}

async function run({ runs }: BenchSynthOptions): Promise<Outcome> {
  const onProgress = startProgress();
  onProgress(`measuring ${runs} pairs of syntheses, after one that fills the disk's cache`);
  const { measureSynthesis } = await import('../benchmark/synthesis');
  const report = await measureSynthesis(runs, onProgress);
  const { emptyCpuSeconds, allCpuSeconds, ratio, goal } = report;
  const text = `all environments ${allCpuSeconds.toFixed(2)} s, an empty stack ${emptyCpuSeconds.toFixed(2)} s of CPU: ratio ${ratio.toFixed(1)}, goal at most ${goal}`;
  return { text, json: report, ok: ratio <= goal };
}
