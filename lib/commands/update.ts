import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { addHelpNotes, jsonOption } from './console/options';
import { action, type Outcome, startProgress } from './console/output';
import { PROJECT_ROOT } from '../shared/project-root';

const SNAPSHOTS_DIFFER = 'the snapshots are stale or their tests fail, as printed above; run "npm run update"';
const SNAPSHOTS_FAIL = 'the snapshots are written, but their tests fail for another reason, as printed above';

interface UpdateOptions {
  readonly check?: boolean;
  readonly snapshots: boolean;
}

/** `npm run update` */
export function configure(command: Command): void {
  command
    .description(
      'Writes everything that is generated and checked in: the heads of the runbook pages, the ledger, the tables and picture of the benchmark, and the snapshots of the templates.',
    )
    .option('--check', 'write nothing, only report what is stale')
    .option('--no-snapshots', 'leave out the snapshots, whose tests synthesize every environment')
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run update -- --check',
    succeeds: 'everything is up to date or written',
    fails: 'something is stale (with --check), or a runbook page needs a text that a person has to write',
  });
}

async function run({ check = false, snapshots }: UpdateOptions): Promise<Outcome> {
  const onProgress = startProgress();
  onProgress('generating runbook pages, ledger and benchmark tables');
  const { runbookFaults, staleFiles, writeFiles } = await import('./console/generated-files');
  const files = staleFiles();
  if (!check) writeFiles(files);
  const paths = [...files.keys()];
  const faults = runbookFaults();
  if (snapshots) {
    onProgress(check ? 'comparing the snapshots' : 'writing the snapshots');
    if (!(await runSnapshotTests(check ? '--ci' : '--updateSnapshot')))
      faults.push(check ? SNAPSHOTS_DIFFER : SNAPSHOTS_FAIL);
  }

  const stale = check ? paths : [];
  const written = check ? [] : paths;
  const ok = stale.length === 0 && faults.length === 0;
  const lines = [
    ...stale.map((path) => `${path} is stale; run "npm run update"`),
    ...written.map((path) => `${path} is written`),
    ...faults,
  ];
  return { text: lines.join('\n') || 'everything is up to date', json: { stale, written, faults }, ok };
}

/** The test that compares the snapshots. Not the one of the stateful resources: their ids are changed by hand, with a plan. */
const SNAPSHOT_TEST = 'test/stacks/snapshots.test.ts';

/** Runs the test of the snapshots; what jest prints goes to stderr. */
async function runSnapshotTests(mode: '--ci' | '--updateSnapshot'): Promise<boolean> {
  const jest = spawn(process.execPath, [require.resolve('jest/bin/jest'), mode, '--runTestsByPath', SNAPSHOT_TEST], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const stop = (signal: NodeJS.Signals) => jest.kill(signal);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const [code] = (await once(jest, 'close')) as [number | null];
  process.off('SIGINT', stop).off('SIGTERM', stop);
  return code === 0;
}
