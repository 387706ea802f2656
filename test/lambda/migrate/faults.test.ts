import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
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

/** A run in a process of its own, once `statement` shows as what its session does. */
async function startRun(folder: string, statement: string) {
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
  return async () => {
    child.kill('SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('what the test waits for did not happen within 20 s');
    await sleep(20);
  }
}

/** A transaction older than a build, for which the build waits. */
async function olderTransaction(): Promise<Client> {
  const session = await server.login(database);
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM items');
  return session;
}

async function history(): Promise<unknown[]> {
  const { rows } = await client.query<{ name: string; state: string }>(
    `SELECT migration_name AS name, CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back'
       WHEN finished_at IS NOT NULL THEN 'finished' ELSE 'open' END AS state
       FROM _prisma_migrations ORDER BY started_at`,
  );
  return rows.map(({ name, state }) => `${name} ${state}`);
}

function validity(): Promise<string[]> {
  return names(client, "SELECT indisvalid::text AS name FROM pg_index WHERE indexrelid = to_regclass('idx_items')");
}

describe('a run that is killed', () => {
  test('in the middle of a transaction leaves nothing, and the next run does it all', async () => {
    const folder = server.migrationFolder({
      [FIRST]: ITEMS,
      [SECOND]: 'CREATE TABLE half (); SELECT pg_sleep(2); CREATE TABLE whole ();',
    });
    const kill = await startRun(folder, 'pg_sleep(2)');
    await kill();
    expect(await history()).toEqual([`${FIRST} finished`]);
    // The server goes on with the statement and keeps the lock, for which this run waits.
    expect((await run(folder)).applied).toEqual([SECOND]);
    expect(await names(client, "SELECT to_regclass('half')::text || to_regclass('whole') AS name")).toEqual([
      'halfwhole',
    ]);
    expect(await history()).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
  }, 30_000);

  test('while an index is built: the server completes it, and the next run takes it as done', async () => {
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: BUILD });
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const older = await olderTransaction();
    const kill = await startRun(folder, 'CREATE INDEX');
    await kill();
    expect(await history()).toEqual([`${FIRST} finished`, `${SECOND} open`]);
    expect(await validity()).toEqual(['false']);
    const next = run(folder);
    await older.end();
    expect(await next).toEqual({ applied: [], alreadyApplied: [FIRST, SECOND] });
    expect(await validity()).toEqual(['true']);
    expect(await history()).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
  }, 30_000);

  test('with its session, while an index is built: the next run drops the invalid index and builds it', async () => {
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: BUILD });
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const older = await olderTransaction();
    const kill = await startRun(folder, 'CREATE INDEX');
    await kill();
    await server.admin.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'killed'",
      [database],
    );
    await older.end();
    // The trap: IF NOT EXISTS takes an invalid index for the real one.
    await client.query(BUILD);
    expect(await validity()).toEqual(['false']);

    expect((await run(folder)).applied).toEqual([SECOND]);
    expect(await validity()).toEqual(['true']);
    expect(await history()).toEqual([`${FIRST} finished`, `${SECOND} rolled back`, `${SECOND} finished`]);
  }, 30_000);

  test('by the loss of its session alone says so, and the next run goes on', async () => {
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
    expect(await lost).toMatch('The session was lost; deploy again, and the run goes on from what the database has');
    await other.end();
    const shorter = server.migrationFolder({ [FIRST]: 'CREATE TABLE once ();' });
    expect((await run(shorter)).applied).toEqual([FIRST]);
  }, 30_000);
});

describe('an index built concurrently', () => {
  test('that an earlier attempt left invalid is dropped and built', async () => {
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

  test('that fails leaves nothing, and the next run builds it once the cause is gone', async () => {
    const unique = BUILD.replace('INDEX', 'UNIQUE INDEX');
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: unique });
    await expect(run(folder)).rejects.toThrow(
      /could not create unique index "idx_items" \(SQLSTATE 23505\).*Nothing of it was kept: correct the cause and deploy again$/,
    );
    expect(await validity()).toEqual([]);
    expect(await history()).toEqual([`${FIRST} finished`, `${SECOND} rolled back`]);
    await client.query('DELETE FROM items WHERE ctid = (SELECT min(ctid) FROM items)');
    expect((await run(folder)).applied).toEqual([SECOND]);
    expect(await validity()).toEqual(['true']);
  });

  test('fails when another table has an index of that name, which IF NOT EXISTS would pass over', async () => {
    const others = `${ITEMS} CREATE TABLE others (id int); CREATE INDEX idx_items ON others (id);`;
    const folder = server.migrationFolder({ [FIRST]: others, [SECOND]: BUILD });
    await expect(run(folder)).rejects.toThrow(
      'an index idx_items exists already, on others; give the new one another name',
    );
  });

  test('is not taken from somebody who builds it by hand', async () => {
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

  test('restores the limits of its session', async () => {
    await client.query("SET lock_timeout = '7s'; SET statement_timeout = '8s'");
    await run(server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: BUILD }));
    const { rows } = await client.query(
      "SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement",
    );
    expect(rows).toEqual([{ lock: '7s', statement: '8s' }]);
  });
});

describe('a lock that another session has', () => {
  const alter = 'ALTER TABLE items ADD COLUMN name text;';

  async function holder(): Promise<Client> {
    const session = await server.login(database);
    await session.query("SET application_name = 'long report'; BEGIN; SELECT count(*) FROM items");
    return session;
  }

  test('is waited for in small pieces, until it is free', async () => {
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
    expect(await history()).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
  });

  test('for too long fails naming that session, without what it runs', async () => {
    await run(server.migrationFolder({ [FIRST]: ITEMS }));
    const session = await holder();
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const folder = server.migrationFolder({ [FIRST]: ITEMS, [SECOND]: alter });
    const failure = String(await run(folder, { lockTimeoutMs: 50, retryForMs: 700 }).catch((error: unknown) => error));
    expect(failure).toContain(
      `${SECOND}/migration.sql failed at statement 1 (line 1, "ALTER TABLE items ADD COLUMN name text")`,
    );
    expect(failure).toMatch(
      /tried 2 times; in its way: process \d+ \(application "long report", a lock on items, transaction since 2/,
    );
    expect(failure).toContain(`process ${rows[0]?.pid} `);
    expect(failure).toContain('Nothing of it was kept');
    expect(failure).not.toContain('count(*)');
    await session.end();
    expect((await run(folder)).applied).toEqual([SECOND]);
  });
});

describe('a file with transaction control of its own', () => {
  const half = 'CREATE TABLE half (); COMMIT; CREATE TABLE half ();';

  test('that fails after its COMMIT stays open, and every run says what a person must do', async () => {
    const folder = server.migrationFolder({ [FIRST]: half });
    await expect(run(folder)).rejects.toThrow(
      `run "prisma migrate resolve --rolled-back ${FIRST}" or "--applied ${FIRST}"`,
    );
    await expect(run(folder)).rejects.toThrow(
      /began at .* and never finished \(.*already exists.*its entry does not tell what of it was kept/,
    );
    expect(await history()).toEqual([`${FIRST} open`]);
  });

  test('is not undone where a COMMIT hides from the splitter', async () => {
    // PostgreSQL ends the string after the second quote, the splitter only at the next statement's.
    const folder = server.migrationFolder({ [FIRST]: "SELECT E'\\''; COMMIT; SELECT ' '; SELECT 1 / 0;" });
    await expect(run(folder)).rejects.toThrow('Some of it may have been kept');
    expect(await history()).toEqual([`${FIRST} open`]);
  });
});
