import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type EnvironmentName, loadEnvironment } from '../config';
import { PROJECT_ROOT } from '../shared/project-root';
import { addHelpNotes, environmentOption, jsonOption, numberFrom } from './console/options';
import { action, type Outcome, startProgress } from './console/output';

interface CapacityOptions {
  readonly environment: EnvironmentName;
  readonly salons: number;
  readonly growth: number;
  readonly months: number;
  readonly rates?: string;
  readonly publish?: boolean;
}

/** `npm run capacity` */
export function configure(command: Command): void {
  command
    .description(
      'Says what an environment carries: storage, class, connections and bill month by month, and what to change when a limit is reached.',
    )
    .addOption(environmentOption('the environment whose sizes are judged').default('production'))
    .option('--salons <number>', 'salons today', numberFrom(1, 10_000_000), 1000)
    .option('--growth <percent>', 'growth a month', numberFrom(-50, 1000), 5)
    .option('--months <number>', 'how far to look', numberFrom(1, 240), 36)
    .option('--rates <file>', 'a report of npm run bench -- --load in place of the published figures')
    .option('--publish', 'write the table of 1,000 to 1,000,000 salons into lib/capacity/README.md instead')
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run capacity -- --salons 1000 --growth 10 --months 24',
    succeeds: 'the sizes of the environment are sufficient today',
    fails: 'they are not',
  });
}

async function run({
  environment,
  salons,
  growth,
  months: asked,
  rates: path,
  publish,
}: CapacityOptions): Promise<Outcome> {
  const { readRates } = await import('../capacity/rates');
  const { forecast, limitsOf } = await import('../capacity/forecast');
  const { billOf } = await import('../capacity/bill');
  const { capacityText } = await import('../capacity/report');
  const { withCapacity } = await import('../capacity/readme');
  const { priceEnvironment } = await import('../cost/environment-price');
  const rates = readRates(path);
  const config = loadEnvironment(environment);
  const months = Math.round(asked);
  startProgress()(`synthesizing ${environment} for its bill`);
  const price = priceEnvironment(environment);
  if (publish) return publishTable((readme) => withCapacity(readme, rates, price, config));
  const needs = forecast({ salons, growth, months }, rates, config.database.instanceClass);
  const limits = limitsOf(needs, config, rates);
  const report = {
    environment,
    salons,
    growth,
    months,
    forecast: needs.map((need) => ({ ...need, bill: billOf(need, price, config) })),
    limits,
    sufficient: !limits.some(({ month }) => month === 0),
    crossShardQueries: rates.crossShardQueries,
  };
  return { text: capacityText(report), json: report, ok: report.sufficient };
}

function publishTable(change: (readme: string) => string): Outcome {
  const path = join(PROJECT_ROOT, 'lib/capacity/README.md');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return { text: `${path} has the table of the published benchmark`, json: { published: path }, ok: true };
}
