import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { historyOf } from '../../support/database/migration-history';
import { MigrationServer, names } from '../../support/database/migration-server';

const FIRST = '20250101000000_first';
const SECOND = '20250101000001_second';
const ITEMS = 'CREATE TABLE items (id int); INSERT INTO items VALUES (1), (1), (2);';
const BUILD = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_items ON items (id);';

let server: MigrationServer;
let database: string;
let client: Client;

beforeAll(async () => {
  server = await MigrationServer.start();
}, 60_000);
afterAll(() => server?.dispose());
beforeEach(async () => {
  ({ database, client } = await server.freshDatabase());
});
afterEach(() => client.end());

function run(folder: string, patience?: { lockTimeoutMs: number; retryForMs: number }) {
  return runMigrations(client, readMigrations(folder), undefined, patience);
}

/** Starts a run in another process, and kills the process while its session executes `statement`. */
async function killRunDuring(folder: string, statement: string): Promise<void> {
  const { host, port } = server.cluster.primary;
  const options = { host, port, ...server.cluster.master, database, ca: server.cluster.ca, applicationName: 'killed' };
  const script = join(__dirname, '../../support/database/run-migrations.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(options), folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const closed = once(child, 'close');
  await until(async () => {
    const { rowCount } = await server.admin.query(
      "SELECT FROM pg_stat_activity WHERE datname = $1 AND application_name = 'killed' AND state = 'active' AND query LIKE $2",
      [database, `%${statement}%`],
    );
    return rowCount === 1;
  });
  child.kill('SIGKILL');
  expect(await closed).toEqual([null, 'SIGKILL']);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition that the test waits for was not met within 20 s');
    await sleep(20);
  }
}

/** An open transaction, for which an index build that starts later waits. */
async function olderTransaction(): Promise<Client> {
  const session = await server.login(database);
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM items');
  return session;
}

function validity(): Promise<string[]> {
  return names(client, "SELECT indisvalid::text AS name FROM pg_index WHERE indexrelid = to_regclass('idx_items')");
}

describe('a run that is killed', () => {
  test('in a transaction leaves nothing of it, and the next run applies the whole file', async () => {
    const folder = server.migrationFolder({
      [FIRST]: ITEMS,
      [SECOND]: 'CREATE TABLE half (); SELECT pg_sleep(2); CREATE TABLE whole ();',
    });
    await killRunDuring(folder, 'pg_sleep(2)');
    expect(await historyOf(client)).toEqual([`${FIRST} finished`]);
    // The server continues the statement and holds the lock, for which this run waits.
    expect((await run(folder)).applied).toEqual([SECOND]);
    expect(await names(client, "SELECT to_regclass('half')::text || to_regclass('whole') AS name")).toEqual([
      'halfwhole',
    ]);
    expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
  }, 30_000);

  test('while an index is built: the server completes it, and the next run records it as done', async () => {
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: BUILD });
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const older = await olderTransaction();
    await killRunDuring(folder, 'CREATE INDEX');
    expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} open`]);
    expect(await validity()).toEqual(['false']);
    const next = run(folder);
    await older.end();
    expect(await next).toEqual({ applied: [], alreadyApplied: [FIRST, SECOND], beyondFolder: [] });
    expect(await validity()).toEqual(['true']);
    expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
  }, 30_000);

  test('together with its session, while an index is built: the next run drops the invalid index and builds it again', async () => {
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: BUILD });
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const older = await olderTransaction();
    await killRunDuring(folder, 'CREATE INDEX');
    await server.admin.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'killed'",
      [database],
    );
    await older.end();
    // IF NOT EXISTS accepts an invalid index.
    await client.query(BUILD);
    expect(await validity()).toEqual(['false']);

    expect((await run(folder)).applied).toEqual([SECOND]);
    expect(await validity()).toEqual(['true']);
    expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} rolled back`, `${SECOND} finished`]);
  }, 30_000);
});

describe('a run that loses its session', () => {
  test('says so, and the next run continues', async () => {
    const folder = server.migrationFolder({ [FIRST]: 'CREATE TABLE once (); SELECT pg_sleep(20);' });
    const other = await server.login(database);
    const lost = runMigrations(other, readMigrations(folder)).catch(String);
    await until(async () => {
      const { rowCount } = await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
      );
      return rowCount === 1;
    });
    expect(await lost).toMatch(`${FIRST}/migration.sql failed at statement 2 (line 1, "SELECT pg_sleep(20)")`);
    expect(await lost).toMatch('The session was lost; deploy again, and the run continues from what the database has');
    await other.end();
    const shorter = server.migrationFolder({ [FIRST]: 'CREATE TABLE once ();' });
    expect((await run(shorter)).applied).toEqual([FIRST]);
  }, 30_000);
});

describe('a concurrent index build', () => {
  test('drops an invalid index that an earlier attempt left, and builds it again', async () => {
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    await expect(client.query('CREATE UNIQUE INDEX CONCURRENTLY idx_items ON items (id)')).rejects.toThrow(
      'could not create',
    );
    expect(await validity()).toEqual(['false']);
    await run(server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: BUILD }));
    expect(await validity()).toEqual(['true']);
    expect(await names(client, "SELECT indexdef AS name FROM pg_indexes WHERE indexname = 'idx_items'")).toEqual([
      'CREATE INDEX idx_items ON public.items USING btree (id)',
    ]);
  });

  test('leaves nothing when it fails, and the next run builds the index once the cause is gone', async () => {
    const unique = BUILD.replace('INDEX', 'UNIQUE INDEX');
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: unique });
    await expect(run(folder)).rejects.toThrow(
      /SQLSTATE 23505, unique constraint violated; table items; constraint idx_items.*Nothing of it was kept: correct the cause and deploy again$/,
    );
    expect(await validity()).toEqual([]);
    expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} rolled back`]);
    await client.query('DELETE FROM items WHERE ctid = (SELECT min(ctid) FROM items)');
    expect((await run(folder)).applied).toEqual([SECOND]);
    expect(await validity()).toEqual(['true']);
  });

  test('fails when another table has an index of that name, which IF NOT EXISTS would accept', async () => {
    const others = `${ITEMS} CREATE TABLE others (id int); CREATE INDEX idx_items ON others (id);`;
    const folder = server.migrationFolder({ [FIRST]: others, [SECOND]: BUILD });
    await expect(run(folder)).rejects.toThrow(
      'an index idx_items exists already, on others; give the new one another name',
    );
  });

  test('fails when another session is building the index', async () => {
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const older = await olderTransaction();
    const person = await server.login(database);
    const building = person.query(BUILD);
    await until(async () => (await validity())[0] === 'false');
    await expect(run(server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: BUILD }))).rejects.toThrow(
      /^the index idx_items is being built by process \d+, outside of the migrations; let it finish or end that session/,
    );
    await older.end();
    await building;
    await person.end();
    expect(await validity()).toEqual(['true']);
  });
});

describe('a lock that another session holds', () => {
  const alter = 'ALTER TABLE items ADD COLUMN name text;';

  async function holder(): Promise<Client> {
    const session = await server.login(database);
    await session.query("SET application_name = 'long report'; BEGIN; SELECT count(*) FROM items");
    return session;
  }

  test('is waited for in short attempts until it is free', async () => {
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const session = await holder();
    const altering = run(server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: alter }), {
      lockTimeoutMs: 50,
      retryForMs: 20_000,
    });
    await sleep(800);
    const started = performance.now();
    await server.login(database).then(async (writer) => {
      await writer.query('INSERT INTO items VALUES (3)');
      await writer.end();
    });
    expect(performance.now() - started).toBeLessThan(1000);
    await session.end();
    expect((await altering).applied).toEqual([SECOND]);
    expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
  });

  test('fails the run after its patience, naming the session without its SQL', async () => {
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const session = await holder();
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: alter });
    const failure = String(await run(folder, { lockTimeoutMs: 50, retryForMs: 700 }).catch((error: unknown) => error));
    expect(failure).toContain(
      `${SECOND}/migration.sql failed at statement 1 (line 1, "ALTER TABLE items ADD COLUMN name text")`,
    );
    expect(failure).toMatch(
      /tried 2 times; blocked by process \d+ \(application "long report", a lock on items, transaction since 2/,
    );
    expect(failure).toContain(`process ${rows[0]?.pid} `);
    expect(failure).toContain('Nothing of it was kept');
    expect(failure).not.toContain('count(*)');
    await session.end();
    expect((await run(folder)).applied).toEqual([SECOND]);
  });
});
