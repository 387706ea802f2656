import type { Command } from 'commander';
import { addHelpNotes, jsonOption } from './console/options';
import { action, type Outcome, startProgress } from './console/output';

/** `npm run review` */
export function configure(command: Command): void {
  command
    .description(
      "Synthesizes every environment and checks it with cdk-nag's rule packs and with CloudFormation's validation. An acknowledgement that covers no finding counts as a finding, and so does a change that would lose data (npm run diff).",
    )
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run review -- --json',
    succeeds: 'nothing is left to correct',
    fails: 'something is left to correct',
  });
}

async function run(): Promise<Outcome> {
  const onProgress = startProgress();
  onProgress('loading the rule packs');
  const { createApp } = await import('../app');
  const { isClean, review, reviewText } = await import('../review/review');
  onProgress('synthesizing and checking every environment');
  const result = review((outdir) => createApp({ outdir, bundle: false, review: [] }), { record: true });
  onProgress('checked');
  return { text: reviewText(result), json: result, ok: isClean(result) };
}
