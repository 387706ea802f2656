import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { EnvironmentName } from '../config';
import { addHelpNotes, environmentOption, jsonOption, reportOption, wholeNumberFrom } from './console/options';
import { action, type Outcome, startProgress } from './console/output';
import { ReportFolder } from './console/report-folder';

interface BacktestCommandOptions {
  readonly environment: EnvironmentName;
  readonly days: number;
  readonly seed: number;
  readonly incidents: boolean;
  readonly compare?: boolean;
  readonly report: string;
}

/** `npm run backtest` */
export function configure(command: Command): void {
  command
    .description(
      'Lets a month of the documented workload pass over the synthesized alarms: a normal month must page nobody, and each incident must page or warn in time, once.',
    )
    .addOption(environmentOption('the environment whose alarms are judged').default('production'))
    .option('--days <number>', 'length of the normal month', wholeNumberFrom(1), 30)
    .option('--seed <number>', 'another seed is another month', wholeNumberFrom(1), 1)
    .option('--no-incidents', 'only the normal month')
    .option('--compare', 'also the alarms on salons as the earlier rules had them')
    .addOption(reportOption('folder that backtest.json and backtest.svg are written to').default('backtest'))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run backtest -- --seed 2 --compare',
    succeeds: 'the normal month is quiet, and every incident is noticed in time',
    fails: 'it is not, and the last lines say what happened',
  });
}

async function run(options: BacktestCommandOptions): Promise<Outcome> {
  const { environment, days, seed, incidents, compare = false } = options;
  const reportFolder = new ReportFolder(options.report, 'backtest.json');
  const { backtest } = await import('../backtest/backtest');
  const { summarize } = await import('../backtest/report/summary');
  const { draw } = await import('../backtest/report/picture');
  const report = backtest({ environment, days, seed, incidents, compare, onProgress: startProgress() });
  const file = reportFolder.write(report);
  writeFileSync(join(reportFolder.path, 'backtest.svg'), draw(report));
  return { text: [...summarize(report), `report: ${file}`].join('\n'), json: report, ok: report.ok };
}
