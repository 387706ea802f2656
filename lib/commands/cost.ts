import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName, loadEnvironment } from '../config';
import type { TemplateResources } from '../cost/monitoring-price';
import { addHelpNotes, environmentOption, jsonOption } from './options';
import { action, type Outcome, startProgress } from './output';

interface CostOptions {
  readonly environment?: EnvironmentName;
}

/** `npm run cost` */
export function configure(command: Command): void {
  command
    .description(
      'Prices the restore drills, backups and monitoring of an environment, US dollars a month at list price, without an AWS account.',
    )
    .addOption(environmentOption('the environment to price (default: all)'))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run cost -- --environment production',
    succeeds: 'everything is priced',
    fails: 'something has no price in lib/cost/prices.us-east-1.json',
  });
}

async function run({ environment }: CostOptions): Promise<Outcome> {
  const onProgress = startProgress();
  const { environmentPrice, priceText } = await import('../cost/environment-price');
  const found = [];
  for (const name of environment ? [environment] : ENVIRONMENT_NAMES) {
    onProgress(`synthesizing ${name}`);
    found.push(environmentPrice(loadEnvironment(name), await resourcesOf(name)));
  }
  const { prices, assumptions } = found[0]!;
  const text = [
    ...found.map(priceText),
    `List prices of ${prices.region}, ${prices.collected}, without free tier; the servers, their proxy and network are not in it. Assumed:`,
    ...assumptions.map((sentence) => `  - ${sentence}`),
  ].join('\n');
  return { text, json: found, ok: true };
}

/** The resources of all templates of an environment. */
async function resourcesOf(environment: EnvironmentName): Promise<TemplateResources> {
  const { createApp } = await import('../app');
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
