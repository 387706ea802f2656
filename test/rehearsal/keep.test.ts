import { Client } from 'pg';
import { keptOf, SHARED_MEMORY_IS_LISTED, sharedMemoryOf } from '../support/shared-memory';
import { RunsFolder, startRehearsal, untilKept } from '../support/rehearsal-run';

let folder: RunsFolder;
beforeEach(() => {
  folder = new RunsFolder();
});
afterEach(() => folder.remove());

async function ask(url: string | undefined, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows[0];
  } finally {
    await client.end();
  }
}

test('--keep leaves migrated servers with sample data to develop against until Ctrl-C, also after a run that was killed', async () => {
  const killed = startRehearsal(folder, '--keep', '--json');
  await untilKept(killed);
  killed.child.kill('SIGKILL');
  await killed.exit;
  const [left] = folder.serverFolders();
  expect(folder.servers().length).toBeGreaterThan(2);
  const memory = folder.servers().flatMap((line) => sharedMemoryOf(Number.parseInt(line, 10)));
  expect(memory.length > 0).toBe(SHARED_MEMORY_IS_LISTED);

  const run = startRehearsal(folder, '--keep', '--json');
  const { urls, rows } = await untilKept(run);
  expect(folder.servers().filter((line) => line.includes(left!))).toEqual([]);
  expect(folder.serverFolders()).not.toContain(left);
  expect(keptOf(memory)).toEqual([]);

  expect(rows).toMatchObject({ salons: 10, messages: 30_000, bookings: 3_000 });
  expect(await ask(urls['application'], 'SELECT current_user, count(*)::int FROM messages')).toEqual({
    current_user: 'app_user',
    count: rows['messages'],
  });
  expect(await ask(urls['replica-2'], 'SELECT pg_is_in_recovery() AS replica, count(*)::int FROM salons')).toEqual({
    replica: true,
    count: 10,
  });
  expect(await ask(urls['migrations'], 'SELECT count(*)::int > 40 AS migrated FROM _prisma_migrations')).toEqual({
    migrated: true,
  });
  // Where PgBouncer is not installed there is no pooled address, and nothing says that there is one.
  expect(Object.keys(urls)).toEqual([
    'migrations',
    'application',
    ...(urls['pooled'] === undefined ? [] : ['pooled']),
    'replica-1',
    'replica-2',
  ]);
  if (urls['pooled'] !== undefined)
    expect(await ask(urls['pooled'], 'SELECT count(*)::int FROM salons')).toEqual({ count: 10 });

  run.child.kill('SIGINT');
  expect(await run.exit).toEqual([130, null]);
  expect(folder.servers()).toEqual([]);
  expect(folder.serverFolders()).toEqual([]);
}, 240_000);
