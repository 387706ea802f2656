import { parseArgs } from 'node:util';
import { createApp } from '../lib/app';
import { isClean, review, reviewText } from '../lib/review/review';
import { run } from './run';

const USAGE = `npm run review [-- --json]

Synthesizes every environment and checks it with cdk-nag's rule packs and with CloudFormation's validation. An acknowledgement that covers
no finding counts as a finding.
  --json   prints the whole review as JSON, with every acknowledged finding and its reason
Exit code 0: nothing is left to correct; 1: something is, or wrong usage.
Example: npm run review -- --json`;

run(() => {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return print(USAGE, true);
  process.stderr.write('synthesizing and validating every environment, a few seconds …\n');
  const result = review((outdir) => createApp({ outdir, bundle: false, review: [] }));
  return print(values.json ? JSON.stringify(result, undefined, 2) : reviewText(result), isClean(result));
});

function print(text: string, ok: boolean): number {
  process.stdout.write(`${text}\n`);
  return ok ? 0 : 1;
}
