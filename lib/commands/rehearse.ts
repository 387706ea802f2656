import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { EnvironmentName } from '../config';
import { addHelpNotes, environmentOption, jsonOption, numberFrom, reportOption } from './options';
import { action, type Outcome, startProgress } from './output';

interface RehearseOptions {
  readonly environment: EnvironmentName;
  readonly report: string;
  readonly restoreSizeGb?: number;
}

/** `npm run rehearse` */
export function configure(command: Command): void {
  command
    .description('Rehearses an environment on this machine, on real PostgreSQL 15 and without an AWS account.')
    .addOption(environmentOption('the environment to rehearse').default('production'))
    .addOption(reportOption('folder that rehearsal.json is written to').default('rehearsal'))
    .option(
      '--restore-size-gb <number>',
      'data that the restore has, 0.1 to 20 gigabytes; compares its time with a copy of the files and takes eight times as much disk (default: a few rows)',
      numberFrom(0.1, 20),
    )
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run rehearse -- --environment staging --report rehearsal/staging',
    succeeds: 'everything that is promised holds',
    fails: 'a promise does not hold, and the last lines say why',
  });
}

async function run({ environment, report: reportFolder, restoreSizeGb }: RehearseOptions): Promise<Outcome> {
  const onProgress = startProgress();
  const { RunFolder } = await import('../local-postgres/run-folder');
  const { rehearse } = await import('../rehearsal/rehearse');
  const { summarize } = await import('../rehearsal/summary');
  const folder = new RunFolder();
  try {
    const report = await rehearse({ environment, restoreSizeGb, folder, onProgress });
    mkdirSync(reportFolder, { recursive: true });
    const file = join(reportFolder, 'rehearsal.json');
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
    return { text: [...summarize(report), `report: ${file}`].join('\n'), json: report, ok: report.ok };
  } finally {
    folder.dispose();
  }
}
