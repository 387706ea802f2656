import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../config';
import type { KeptServers } from '../rehearsal/keep';
import { PromiseBroken } from '../rehearsal/failures';
import { addHelpNotes, environmentOption, jsonOption, numberFrom, reportOption } from './console/options';
import type { RehearsalReport, UnfinishedReport } from '../rehearsal/report';
import { action, type Outcome, startProgress } from './console/output';
import { openInBrowser } from './console/open-in-browser';
import { ReportFolder } from './console/report-folder';

/** Disk that a rehearsal takes, gigabytes; measured as `resources.diskBytes` of its report. */
const DISK_GB = 1;
/** Disk for each gigabyte that is restored: the data, two replicas, the base backup, WAL, the archive, the restored server, copies. */
const DISK_OF_RESTORED_GB = 8;

const rehearseAction = action(run);

interface RehearseOptions {
  readonly keep?: boolean;
  readonly open?: boolean;
  readonly picture?: string;
  readonly json?: boolean;
  readonly environment: EnvironmentName;
  readonly report: string;
  readonly restoreSizeGb?: number;
  readonly failFast?: boolean;
}

/** `npm run rehearse` */
export function configure(command: Command): void {
  command
    .description('Rehearses an environment on this machine, on real PostgreSQL 15 and without an AWS account.')
    .addOption(environmentOption('the environment to rehearse').default('production'))
    .addOption(reportOption('folder that rehearsal.json and rehearsal.html are written to').default('rehearsal'))
    .option('--fail-fast', 'end with the first step that finds something which does not hold')
    .option('--open', 'open rehearsal.html in the browser at the end')
    .option('--picture <file>', 'also take a picture of the beginning of rehearsal.html, a PNG; needs Chromium')
    .option(
      '--restore-size-gb <number>',
      'data that the restore has, 0.1 to 20 gigabytes; compares its time with a copy of the files and takes eight times as much disk (default: a few rows)',
      numberFrom(0.1, 20),
    )
    .addOption(
      new Option(
        '--keep',
        'start and migrate the servers with sample data, print their addresses and keep them until Ctrl-C, instead of rehearsing',
      ).conflicts(['restoreSizeGb', 'report', 'failFast', 'open', 'picture']),
    )
    .addOption(jsonOption())
    .action((options: RehearseOptions) => (options.keep ? keep(options) : rehearseAction(options)));
  addHelpNotes(command, {
    example: 'npm run rehearse -- --environment staging --report rehearsal/staging',
    succeeds: 'everything that is promised holds',
    fails: 'a promise does not hold, and the last lines say why',
  });
}

async function run(options: RehearseOptions): Promise<Outcome> {
  const { environment, restoreSizeGb, failFast } = options;
  const onProgress = startProgress();
  const reportFolder = new ReportFolder(options.report, 'rehearsal.json', 'rehearsal.html');
  const { withRunFolder } = await import('../local-postgres/run-folder');
  const { rehearse } = await import('../rehearsal/rehearse');
  const { summarize } = await import('../rehearsal/summary');
  let report: RehearsalReport;
  try {
    report = await withRunFolder(DISK_GB + DISK_OF_RESTORED_GB * (restoreSizeGb ?? 0), (folder) =>
      rehearse({ environment, restoreSizeGb, failFast, folder, onProgress }),
    );
  } catch (error) {
    const failures = failuresOf(error);
    const unfinished: UnfinishedReport = { environment, ok: false, failures };
    reportFolder.write(unfinished);
    // The error that ended the run counts, not one of its page.
    await writePage(unfinished, options).catch(() => undefined);
    throw error;
  }
  // A page or picture that cannot be made leaves the report as it is.
  const file = reportFolder.write(report);
  const page = await writePage(report, options);
  return { text: [...summarize(report), `report: ${file}`, `page: ${page}`].join('\n'), json: report, ok: report.ok };
}

function failuresOf(error: unknown): readonly string[] {
  if (error instanceof PromiseBroken) return error.failures;
  return [error instanceof Error ? error.message : String(error)];
}

/** Writes rehearsal.html beside rehearsal.json, and opens it where that is asked for. Returns its path. */
async function writePage(
  report: RehearsalReport | UnfinishedReport,
  { report: folder, open, picture }: RehearseOptions,
): Promise<string> {
  const { rehearsalPage } = await import('../rehearsal/page/page');
  const { readMonth } = await import('../rehearsal/page/context');
  const { readVersions } = await import('../rehearsal/page/versions');
  const { priceEnvironment } = await import('../cost/environment-price');
  const file = join(folder, 'rehearsal.html');
  const month = readMonth(folder);
  const prices = 'alarms' in report ? { prices: ENVIRONMENT_NAMES.map((name) => priceEnvironment(name)) } : {};
  writeFileSync(
    file,
    rehearsalPage(report, { ...prices, ...(month && { month }), versions: readVersions(), written: new Date() }),
  );
  if (open) openInBrowser(file);
  if (picture !== undefined) await (await import('../rehearsal/page/picture')).takePicture(file, picture);
  return file;
}

/** Prints the addresses of the servers and waits for Ctrl-C, which ends the process and removes them. */
async function keep({ environment, json }: RehearseOptions): Promise<void> {
  const onProgress = startProgress();
  const { withRunFolder } = await import('../local-postgres/run-folder');
  const { keepServers } = await import('../rehearsal/keep');
  await withRunFolder(DISK_GB, (folder) =>
    keepServers({ environment, folder, onProgress }, (servers) => {
      process.stdout.write(json ? `${JSON.stringify(servers)}\n` : addressesOf(servers));
      onProgress('the servers run until Ctrl-C');
    }),
  );
}

/** What an address is for, where its name does not say it. */
const USES: Readonly<Record<string, string>> = {
  migrations: 'migrations: DIRECT_DATABASE_URL',
  application: 'the application: DATABASE_URL',
  pooled: 'the application through PgBouncer, which stands in for RDS Proxy: DATABASE_URL',
};

function addressesOf({ urls }: KeptServers): string {
  return Object.entries(urls)
    .map(([name, url]) => `${USES[name] ?? `reads: ${name}`}\n  ${url}\n`)
    .join('');
}
