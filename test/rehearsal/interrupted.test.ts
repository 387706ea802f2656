import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RehearsalReport } from '../../lib/rehearsal/report';
import { RunsFolder, startRehearsal, startRehearsalByNpm, untilMigrating } from '../support/rehearsal-run';

/** The environment whose servers are there soonest. */
const DEV = ['--environment', 'dev'];

let folder: RunsFolder;
beforeEach(() => {
  folder = new RunsFolder();
});
afterEach(() => folder.remove());

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s to npm stops the servers of a rehearsal and removes its folder',
  async (signal, code) => {
    const run = startRehearsalByNpm(folder, ...DEV);
    await untilMigrating(run);
    expect(folder.servers()).not.toEqual([]);
    run.child.kill(signal);
    expect(await run.exit).toEqual([code, null]);
    expect(folder.servers()).toEqual([]);
    expect(folder.serverFolders()).toEqual([]);
  },
  240_000,
);

test('nothing is left behind after SIGHUP while the servers are running', async () => {
  const run = startRehearsal(folder, ...DEV);
  await untilMigrating(run);
  expect(folder.servers()).not.toEqual([]);
  run.child.kill('SIGHUP');
  expect(await run.exit).toEqual([129, null]);
  expect(folder.servers()).toEqual([]);
  expect(folder.serverFolders()).toEqual([]);
}, 240_000);

test('nothing is left behind when the primary is killed during the migrations', async () => {
  const run = startRehearsal(folder);
  await untilMigrating(run);
  const primary = folder
    .servers()
    .find((line) => line.includes('/native/bin/postgres -D') && line.includes('/primary -p'));
  process.kill(-Number.parseInt(primary ?? '', 10), 'SIGKILL');
  expect(await run.exit).toEqual([1, null]);
  // The replicas were still running. The report says that the run did not end, and where.
  const report = JSON.parse(readFileSync(join(folder.report, 'rehearsal.json'), 'utf8')) as RehearsalReport;
  expect(report).toEqual({
    environment: 'production',
    ok: false,
    failures: [expect.stringMatching(/^migrating: \w/) as string],
  });
  expect(run.output().trim().split('\n').at(-1)).toBe(report.failures[0]);
  expect(run.output()).not.toMatch(/holds what it promises|does not hold|proving|\n {4}at /);
  expect(folder.servers()).toEqual([]);
  expect(folder.serverFolders()).toEqual([]);
}, 240_000);
