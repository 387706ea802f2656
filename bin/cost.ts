import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../lib/app';
import { ENVIRONMENT_NAMES, type EnvironmentName, loadEnvironment } from '../lib/config';
import { environmentPrice, priceText } from '../lib/cost/environment-price';
import type { TemplateResources } from '../lib/cost/monitoring-price';
import { run } from './run';

const USAGE = `npm run cost [-- --environment <name>] [--json]

What restore drills, backups and monitoring of an environment cost a month, at list price, without an account.
  --environment  ${ENVIRONMENT_NAMES.join(', ')}; default all
  --json         as JSON, every line with quantity and price
Exit code 0: priced; 1: something has no price in lib/cost/prices.us-east-1.json.`;

run(() => {
  const { values } = parseArgs({
    options: { environment: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return say(USAGE);
  const chosen = ENVIRONMENT_NAMES.filter((name) => values.environment === undefined || name === values.environment);
  if (chosen.length === 0)
    throw new Error(`--environment is "${values.environment}"; allowed: ${ENVIRONMENT_NAMES.join(', ')}`);
  const found = chosen.map((name) => environmentPrice(loadEnvironment(name), resourcesOf(name)));
  if (values.json) return say(JSON.stringify(found, undefined, 2));
  const { prices, assumptions } = found[0]!;
  return say(
    [
      ...found.map(priceText),
      `List prices of ${prices.region}, ${prices.collected}, without free tier; the servers, their proxy and network are not in it. Assumed:`,
      ...assumptions.map((sentence) => `  - ${sentence}`),
    ].join('\n'),
  );
});

/** The resources of all templates of an environment. */
function resourcesOf(environment: EnvironmentName): TemplateResources {
  const outdir = mkdtempSync(join(tmpdir(), 'cost-'));
  try {
    const assembly = createApp({ environments: [environment], outdir, bundle: false }).synth();
    const stacks = assembly.getNestedAssembly(`assembly-${environment}`).stacks;
    const entries = stacks.flatMap(({ stackName, template }) =>
      Object.entries((template as { Resources?: TemplateResources }).Resources ?? {}).map(
        ([id, resource]) => [`${stackName}/${id}`, resource] as const,
      ),
    );
    return Object.fromEntries(entries);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
