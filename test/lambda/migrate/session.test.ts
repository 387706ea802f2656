import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { adviceFor } from '../../../lambda/migrate/failure';
import { hasHistory } from '../../../lambda/migrate/history';
import { runMigrations } from '../../../lambda/migrate/runner';
import { readMigrations } from '../../../lib/contract/migrations';
import { historyOf } from '../../support/database/migration-history';
import { MigrationServer, names } from '../../support/database/migration-server';

const FIRST = '0_init';
const SECOND = '1_second';

let server: MigrationServer;
let database: string;
let client: Client;
beforeAll(async () => {
  server = await MigrationServer.start({}, 1);
  await server.admin.query("CREATE ROLE guest LOGIN PASSWORD 'guest'; GRANT guest TO database_admin");
}, 60_000);
afterAll(() => server?.dispose());
beforeEach(async () => {
  ({ database, client } = await server.freshDatabase());
});
afterEach(() => client.end());

function run(files: Record<string, string>, session = client) {
  return runMigrations(session, readMigrations(server.migrationFolder(files)));
}

describe('what a file sets does not reach the next file or the caller', () => {
  test.each([
    ["SELECT pg_catalog.set_config('search_path', '', false);", "current_setting('search_path')"],
    ['SET default_transaction_read_only = on;', "current_setting('default_transaction_read_only')"],
    ["SET TimeZone = 'Asia/Tokyo';", "current_setting('TimeZone')"],
    ['SET ROLE guest;', 'current_user'],
    ['SET row_security = off;', "current_setting('row_security')"],
    ["SET lock_timeout = '7s';", "current_setting('lock_timeout')"],
  ])('%s', async (sql, expression) => {
    const value = async () => (await names(client, `SELECT ${expression}::text AS name`))[0];
    const before = await value();
    const files = {
      [FIRST]: `CREATE TABLE seen (value text); ${sql}`,
      [SECOND]: `INSERT INTO seen SELECT ${expression};`,
    };
    // A file has a lock_timeout of its own, for its transaction only.
    const expected = expression.includes('lock_timeout') ? '300ms' : before;
    expect((await run(files)).applied).toEqual([FIRST, SECOND]);
    expect(await names(client, 'SELECT value AS name FROM seen')).toEqual([expected]);
    expect(await value()).toEqual(before);
  });

  test('temporary tables, prepared statements and cursors', async () => {
    await run({
      [FIRST]: 'CREATE TEMP TABLE t (); PREPARE p AS SELECT 1; DECLARE c CURSOR WITH HOLD FOR SELECT 1;',
      [SECOND]: 'CREATE TEMP TABLE t (); PREPARE p AS SELECT 1; DECLARE c CURSOR WITH HOLD FOR SELECT 1;',
    });
    expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
  });
});

test('the lock is held between the files, also when one of them releases it', async () => {
  const other = await server.login(database);
  const seen: unknown[] = [];
  const migrations = readMigrations(
    server.migrationFolder({ [FIRST]: 'SELECT pg_advisory_unlock_all();', [SECOND]: 'SELECT pg_sleep(1);' }),
  );
  const running = runMigrations(client, migrations);
  for (let done = false; !done;) {
    const { rows: active } = await other.query(
      `SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep(1)%'`,
    );
    done = active.length > 0;
    if (!done) continue;
    // Asked afterwards: in one statement the locks could be those before the second file began.
    const { rows } = await other.query<{ held: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369 AND granted) AS held`,
    );
    seen.push(rows[0]?.held);
  }
  await running;
  expect(seen).toEqual([true]);
  await other.end();
});

describe('a session that cannot migrate is named before anything runs', () => {
  test('a streaming replica, with a file to apply and with none', async () => {
    const { primary, replicas, connect } = server.cluster;
    const sessions = { primary: await connect(primary), replica: await connect(replicas[0]!) };
    const refusal =
      'the server is a replica, or is being restored, and takes no changes; migrate the primary; nothing was applied';
    await expect(run({ [FIRST]: 'SELECT 1;' }, sessions.replica)).rejects.toThrow(refusal);
    await run({ [FIRST]: 'SELECT 1;' }, sessions.primary);
    while (!(await hasHistory(sessions.replica)) || (await historyOf(sessions.replica)).length === 0) await sleep(20);
    await expect(run({ [FIRST]: 'SELECT 1;', [SECOND]: 'SELECT 1;' }, sessions.replica)).rejects.toThrow(refusal);
    await expect(run({ [FIRST]: 'SELECT 1;' }, sessions.replica)).rejects.toThrow(refusal);
    expect(await historyOf(sessions.primary)).toEqual([`${FIRST} finished`]);

    const written = await sessions.replica.query('CREATE TABLE t ()').catch((error: unknown) => error);
    expect(adviceFor(written)).toMatch(/^; the server is a replica, .*: migrate the primary/);
    await Promise.all(Object.values(sessions).map((session) => session.end()));
  });

  test('read-only by a setting of the database', async () => {
    await server.admin.query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    const session = await server.login(database);
    await expect(run({ [FIRST]: 'SELECT 1;' }, session)).rejects.toThrow(
      `every session of database_admin on ${database} is read-only, because default_transaction_read_only is on (set by: database); undo it with ALTER DATABASE or ALTER ROLE … RESET`,
    );
    await session.end();
  });

  test('by a file that leaves the setting in the database: the next run says so, and blames no file', async () => {
    await run({ [FIRST]: `ALTER DATABASE ${database} SET default_transaction_read_only = on;`, [SECOND]: 'SELECT 1;' });
    const session = await server.login(database);
    const files = {
      [FIRST]: `ALTER DATABASE ${database} SET default_transaction_read_only = on;`,
      [SECOND]: 'SELECT 1;',
    };
    const message = String(await run({ ...files, '2_third': 'SELECT 1;' }, session).catch((error: unknown) => error));
    expect(message).toContain('default_transaction_read_only is on');
    expect(message).not.toContain('2_third');
    await session.end();
  });

  test('a role that may not create tables, and one that may not write the history', async () => {
    const guest = await server.login(database, 'guest', 'guest');
    await expect(run({ [FIRST]: 'SELECT 1;' }, guest)).rejects.toThrow(
      `the role guest may not create tables in the schema public of ${database}; migrate as the owner of the database`,
    );
    await run({ [FIRST]: 'SELECT 1;' });
    await client.query('GRANT CREATE ON SCHEMA public TO guest; GRANT SELECT ON _prisma_migrations TO guest');
    await expect(run({ [FIRST]: 'SELECT 1;' }, guest)).rejects.toThrow(
      'the role guest may not read and write public._prisma_migrations, the migration history',
    );
    await guest.end();
  });
});

describe('a failure whose cause is outside of the file says what to do', () => {
  test('a right that the role lacks, a read-only transaction, and a full disk', async () => {
    const raise = (code: string) => `DO $$ BEGIN RAISE SQLSTATE '${code}'; END $$;`;
    await expect(run({ [FIRST]: raise('53100') })).rejects.toThrow(
      '53100, disk full; the disk of the server is full: enlarge',
    );
    await expect(run({ [FIRST]: 'SET ROLE guest; CREATE TABLE t ();' })).rejects.toThrow(
      '42501, privilege missing; the role that migrates lacks a right',
    );
    await expect(run({ [FIRST]: 'SET TRANSACTION READ ONLY; CREATE TABLE t ();' })).rejects.toThrow(
      '25006, read-only transaction; the server is a replica, default_transaction_read_only is on, or the file',
    );
  });

  test('a server that does not accept connections yet', () => {
    const error = Object.assign(new DatabaseError('the database system is not yet accepting connections', 0, 'error'), {
      code: '57P03',
      severity: 'FATAL',
    });
    expect(adviceFor(error)).toMatch(/^; the server starts, stops or recovers, as after a crash on a full disk/);
    expect(adviceFor(new Error('any other'))).toBe('');
  });
});
