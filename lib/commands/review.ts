import type { Command } from 'commander';
import type { Review } from '../review/review';
import { addHelpNotes, jsonOption } from './options';
import { action, type Outcome, startProgress } from './output';

/** `npm run review` */
export function configure(command: Command): void {
  command
    .description(
      "Synthesizes every environment and checks it with the rule packs of cdk-nag and with CloudFormation's validation. An acknowledgement that covers no finding is reported as well.",
    )
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run review -- --json',
    succeeds: 'every finding is acknowledged with a reason',
    fails: 'a finding, an unused acknowledgement or a validation error is left',
  });
}

async function run(): Promise<Outcome> {
  const onProgress = startProgress();
  onProgress('loading the rule packs');
  const { createApp } = await import('../app');
  const { isClean, review } = await import('../review/review');
  const { rulePacks } = await import('../review/rule-packs');
  onProgress('synthesizing and checking every environment');
  const result = review((outdir) => createApp({ outdir, bundle: false, review: rulePacks() }));
  onProgress('checked');
  return { text: reviewText(result), json: result, ok: isClean(result) };
}

function reviewText({ environments, missingContext }: Review): string {
  return [
    ...environments.flatMap(({ name, findings, acknowledged, unused, validationErrors }) => [
      `${name}: ${findings.length} findings, ${acknowledged.length} acknowledged with a reason, ${unused.length} acknowledgements that cover nothing, ${validationErrors.length} validation errors`,
      ...[...findings, ...validationErrors].map(
        ({ rule, resource, description }) => `  ${rule} ${resource}: ${description}`,
      ),
      ...unused.map(({ rule, resource }) => `  ${rule} ${resource}: acknowledged, but no finding needs it: delete it`),
    ]),
    ...missingContext.map((key) => `missing context: ${key}`),
  ].join('\n');
}
