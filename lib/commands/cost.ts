import type { Command } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../config';
import { addHelpNotes, environmentOption, jsonOption } from './console/options';
import { action, type Outcome, startProgress } from './console/output';

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
  const { priceEnvironment, pricesText } = await import('../cost/environment-price');
  const found = (environment ? [environment] : ENVIRONMENT_NAMES).map((name) => {
    onProgress(`synthesizing ${name}`);
    return priceEnvironment(name);
  });
  return { text: pricesText(found), json: found, ok: true };
}
