import { parseArgs } from 'node:util';
import { ENVIRONMENT_NAMES } from '../lib/config';
import { priceEnvironment, pricesText } from '../lib/cost/environment-price';
import { run } from './run';

const USAGE = `npm run cost [-- --environment <name>] [--json]

What an environment's restore drills, backups and monitoring cost a month, at list price. Needs no AWS account.
  --environment  ${ENVIRONMENT_NAMES.join(', ')}; default all
  --json         prints JSON: every line with its quantity and price
Exit code 0: everything has a price; 1: something has none in lib/cost/prices.us-east-1.json, or wrong usage.
Example: npm run cost -- --environment production`;

run(() => {
  const { values } = parseArgs({
    options: { environment: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return say(USAGE);
  const chosen = ENVIRONMENT_NAMES.filter((name) => values.environment === undefined || name === values.environment);
  if (chosen.length === 0)
    throw new Error(`--environment is "${values.environment}"; allowed: ${ENVIRONMENT_NAMES.join(', ')}`);
  const found = chosen.map(priceEnvironment);
  return say(values.json ? JSON.stringify(found, undefined, 2) : pricesText(found));
});

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
