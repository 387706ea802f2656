import { RunsFolder, startRehearsal, untilMigrating, WHOLE_MS } from '../../support/rehearsal-run';

jest.setTimeout(WHOLE_MS);

let folder: RunsFolder;
beforeEach(() => {
  folder = new RunsFolder();
});
afterEach(() => folder.remove());

test('the next run cleans up after a run that was killed', async () => {
  const run = startRehearsal(folder, '--environment', 'dev');
  await untilMigrating(run);
  run.child.kill('SIGKILL');
  await run.exit;
  expect(folder.servers()).not.toEqual([]);
  const next = startRehearsal(folder, '--environment', 'dev');
  expect([await next.exit, next.output()]).toEqual([
    [0, null],
    expect.stringContaining('dev holds what it promises here'),
  ]);
  expect(next.output()).toContain('dev has no restore drills, so none was rehearsed');
  expect(folder.servers()).toEqual([]);
  expect(folder.serverFolders()).toEqual([]);
});
