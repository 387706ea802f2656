import type { Command } from 'commander';
import type { EnvironmentName } from '../config';
import { addHelpNotes, environmentOption, jsonOption, reportOption } from './console/options';
import { action, type Outcome, startProgress } from './console/output';
import { ReportFolder } from './console/report-folder';

/** Disk that two servers with the sample rows take, gigabytes. */
const DISK_GB = 2;

interface UpgradeCommandOptions {
  readonly environment: EnvironmentName;
  readonly report: string;
}

/** `npm run rehearse:upgrade` */
export function configure(command: Command): void {
  command
    .description(
      'Rehearses the upgrade to PostgreSQL 17 on this machine: the migrated database moves under load by logical replication, and back; plans and metrics are compared.',
    )
    .addOption(environmentOption('the environment to upgrade').default('production'))
    .addOption(reportOption('folder that upgrade.json is written to').default('rehearsal'))
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run rehearse:upgrade -- --environment staging',
    succeeds: 'no row is lost, writes stop for under 5 s, every query keeps its index and every metric its values',
    fails: 'it does not hold, and the last lines say why',
  });
}

async function run({ environment, report: folder }: UpgradeCommandOptions): Promise<Outcome> {
  const reportFolder = new ReportFolder(folder, 'upgrade.json');
  const { withRunFolder } = await import('../local-postgres/run-folder');
  const { rehearseUpgrade } = await import('../upgrade/rehearse-upgrade');
  const { summarizeUpgrade } = await import('../upgrade/report');
  const onProgress = startProgress();
  const report = await withRunFolder(DISK_GB, (place) => rehearseUpgrade({ environment, folder: place, onProgress }));
  const file = reportFolder.write(report);
  return { text: [...summarizeUpgrade(report), `report: ${file}`].join('\n'), json: report, ok: report.ok };
}
