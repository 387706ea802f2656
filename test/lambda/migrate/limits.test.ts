import { DatabaseError, type Client } from 'pg';
import { closePostgresDatabase } from '../../../lambda/migrate/postgres-database';
import { runMigrations } from '../../../lambda/migrate/runner';
import { readMigrations } from '../../../lib/contract/migrations';
import { CONNECTION_LIMITS, DATABASE_ROLES, type DatabaseRole } from '../../../lib/contract/roles';
import { MIGRATIONS, MigrationServer } from '../../support/database/migration-server';

const PASSWORD = 'role-password';

let server: MigrationServer;
let database: string;
let master: Client;

beforeAll(async () => {
  server = await MigrationServer.start({ max_connections: '60', temp_file_limit: '1024' });
  ({ database, client: master } = await server.freshDatabase());
  await runMigrations(master, readMigrations(MIGRATIONS));
  for (const role of DATABASE_ROLES) await master.query(`ALTER ROLE ${role} PASSWORD '${PASSWORD}'`);
}, 60_000);
afterAll(async () => {
  await master?.end();
  await server?.dispose();
});

async function as<T>(role: DatabaseRole, work: (session: Client) => Promise<T>, name = database): Promise<T> {
  const session = await server.login(name, role, PASSWORD);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/** The SQLSTATE of an action that fails; undefined: it succeeds. */
async function refusal(action: Promise<unknown>): Promise<string | undefined> {
  return action.then(
    () => undefined,
    (error: unknown) => (error instanceof DatabaseError ? error.code : String(error)),
  );
}

describe('connections', () => {
  test.each(Object.entries(CONNECTION_LIMITS))('%s may have %d and no more', async (role, limit) => {
    const sessions = await Promise.all(Array.from({ length: limit }, () => server.login(database, role, PASSWORD)));
    try {
      expect(await refusal(server.login(database, role, PASSWORD))).toBe('53300');
    } finally {
      await Promise.all(sessions.map((session) => session.end()));
    }
  });

  test('every role but app_user takes all that it may, and app_user still gets in', async () => {
    const all = Object.entries(CONNECTION_LIMITS).flatMap(([role, limit]) =>
      Array.from({ length: limit + 3 }, () => server.login(database, role, PASSWORD)),
    );
    const settled = await Promise.allSettled(all);
    try {
      await as('app_user', (session) => session.query('SELECT count(*) FROM bookings'));
    } finally {
      await Promise.all(settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value.end()] : [])));
    }
  });
});

test('temporary files of a session are limited', async () => {
  const sort =
    'SET work_mem = 64; SELECT count(*) FROM (SELECT i FROM generate_series(1, 900000) i ORDER BY -i OFFSET 1) s';
  expect(await refusal(as('readonly_user', (session) => session.query(sort)))).toBe('53400');
  expect(await refusal(as('readonly_user', (session) => session.query("SET temp_file_limit = '-1'")))).toBe('42501');
});

test('each role waits for a lock for less long than for a statement, and ends idle transactions', async () => {
  const milliseconds = 'extract(epoch FROM current_setting($1)::interval) * 1000';
  for (const role of DATABASE_ROLES) {
    const settings: number[] = [];
    await as(role, async (session) => {
      for (const name of ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout']) {
        const { rows } = await session.query<{ ms: string }>(`SELECT ${milliseconds} AS ms`, [name]);
        settings.push(Number(rows[0]?.ms));
      }
    });
    const [lock = 0, statement = 0, idle = 0] = settings;
    expect([role, lock > 0 && lock < statement, idle > 0 && idle <= 300_000]).toEqual([role, true, true]);
  }
});

describe('the databases postgres and template1', () => {
  test('let in no role of this project', async () => {
    expect(await closePostgresDatabase(master, false)).toBe(true);
    for (const role of DATABASE_ROLES) {
      for (const name of ['postgres', 'template1']) {
        expect([role, name, await refusal(as(role, (session) => session.query('SELECT 1'), name))]).toEqual([
          role,
          name,
          '42501',
        ]);
      }
    }
  });

  test('postgres stays open for a proxy that has no role yet, and is closed once it has', async () => {
    const isOpen = async () => {
      const { rows } = await master.query<{ open: boolean; proxy: boolean | null }>(
        `SELECT has_database_privilege('public', 'postgres', 'CONNECT') AS open,
                (SELECT has_database_privilege(oid, 'postgres', 'CONNECT') FROM pg_roles WHERE rolname = 'rdsproxyadmin') AS proxy`,
      );
      return rows[0];
    };
    expect(await closePostgresDatabase(master, true)).toBe(false);
    expect(await isOpen()).toEqual({ open: true, proxy: null });
    await master.query('CREATE ROLE rdsproxyadmin');
    try {
      for (const run of ['first', 'second']) {
        expect([run, await closePostgresDatabase(master, true)]).toEqual([run, true]);
        expect(await isOpen()).toEqual({ open: false, proxy: true });
      }
    } finally {
      await master.query('REVOKE ALL ON DATABASE postgres FROM rdsproxyadmin; DROP ROLE rdsproxyadmin');
    }
  });
});

describe('functions', () => {
  test('of later migrations may be executed by nobody who is not granted it', async () => {
    await master.query("CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    for (const role of DATABASE_ROLES)
      expect(await refusal(as(role, (session) => session.query('SELECT public.later()')))).toBe('42501');
    await master.query('GRANT EXECUTE ON FUNCTION later() TO app_user');
    expect(await refusal(as('app_user', (session) => session.query('SELECT public.later()')))).toBeUndefined();
    await master.query('DROP FUNCTION later()');
  });

  test('that run as their owner have a fixed search path with pg_temp last, and are not for everybody', async () => {
    const { rows } = await master.query<{ name: string; path: string | null; open: boolean }>(
      `SELECT oid::regprocedure::text AS name, proconfig::text AS path, has_function_privilege('public', oid, 'EXECUTE') AS open
         FROM pg_proc WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { name, path, open } of rows) {
      expect([name, path, open]).toEqual([name, '{"search_path=pg_catalog, pg_temp"}', false]);
    }
  });
});

describe('large objects', () => {
  const WRITERS = ['lo_creat(-1)', 'lo_create(0)', "lo_from_bytea(0, 'x')"];

  test('are closed where the migrations run as the owner of PostgreSQL’s functions', async () => {
    const { user, password } = server.cluster.superuser;
    await server.admin.query('CREATE DATABASE closed');
    const superuser = await server.login('closed', user, password);
    await runMigrations(superuser, readMigrations(MIGRATIONS));
    await superuser.end();
    for (const call of WRITERS) {
      const denied = as('app_user', (session) => session.query(`SELECT ${call}`), 'closed');
      expect([call, await refusal(denied)]).toEqual([call, '42501']);
    }
  });

  // What remains, as the README says: on RDS the master does not own these functions, and a REVOKE has no effect.
  test('stay writable where the master does not own these functions, as on RDS', async () => {
    await master.query('REVOKE EXECUTE ON FUNCTION pg_catalog.lo_create(oid) FROM PUBLIC');
    await as('app_user', (session) => session.query(`BEGIN; SELECT lo_create(0); ROLLBACK`));
    await as('app_user', async (session) => {
      expect(await refusal(session.query("SELECT lo_import('/etc/hostname')"))).toBe('42501');
    });
  });
});
