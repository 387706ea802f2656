import { parseArgs } from 'node:util';
import { createApp } from '../lib/app';
import { isClean, review } from '../lib/review/review';
import { rulePacks } from '../lib/review/rule-packs';
import { run } from './run';

const USAGE = `npm run review [-- --json]

Synthesizes every environment and checks it with the rule packs of cdk-nag and with CloudFormation's own validation; an
acknowledgement that covers no finding counts as one.
  --json   print the whole review as JSON
Exit code 0: nothing is left to look at; 1: something is.`;

run(() => {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return print(USAGE, true);
  process.stderr.write('synthesizing and validating every environment, a few seconds …\n');
  const result = review((outdir) => createApp({ outdir, bundle: false, review: rulePacks() }));
  if (values.json) return print(JSON.stringify(result, undefined, 2), isClean(result));
  const lines = result.environments.flatMap(({ name, findings, acknowledged, unused, validationErrors }) => [
    `${name}: ${findings.length} findings, ${acknowledged.length} acknowledged with a reason, ${unused.length} acknowledgements that cover nothing, ${validationErrors.length} validation errors`,
    ...[...findings, ...validationErrors].map(
      (finding) => `  ${finding.rule} ${finding.resource}: ${finding.description}`,
    ),
    ...unused.map(({ rule, resource }) => `  ${rule} ${resource}: acknowledged, but no finding needs it: delete it`),
  ]);
  for (const key of result.missingContext) lines.push(`missing context: ${key}`);
  return print(lines.join('\n'), isClean(result));
});

function print(text: string, ok: boolean): number {
  process.stdout.write(`${text}\n`);
  return ok ? 0 : 1;
}
