import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import type { Client } from 'pg';
import { handler } from '../../../lambda/migrate';
import { TIME_RESERVE_MS } from '../../../lambda/migrate/deadline';
import { rollBackStatement } from '../../../lambda/migrate/history';
import { logger } from '../../../lambda/shared/logger';
import { MIGRATIONS_FOLDER, RDS_CA_FILE } from '../../../lib/contract/files';
import { historyOf } from '../../support/database/migration-history';
import { MigrationServer, names } from '../../support/database/migration-server';

// CloudFormation calls CDK's trigger, and the trigger calls the version of our function that the template names. A rollback is an update
// to the earlier template: the trigger calls the earlier version, with its folder, on the database as the newer version left it.

const A = '20250101000000_a';
const B = '20250101000001_b';
const C = '20250101000002_c';
const FIRST = { [A]: 'CREATE TABLE a (id int); INSERT INTO a VALUES (1);' };
const GOOD = 'ALTER TABLE a ADD COLUMN name text;';
const BAD = 'CREATE TABLE c (); SELECT 1 / 0;';
const BUILD = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_a ON a (id);';
/** Fails, and what it left only a person can see. */
const HALF = 'DROP INDEX CONCURRENTLY missing;';

/** The handler of CDK's triggers, as it is deployed. */
const { handler: trigger } = jest.requireActual<{ handler: (event: object) => Promise<void> }>(
  join(dirname(require.resolve('aws-cdk-lib/package.json')), 'custom-resource-handlers/dist/triggers/lambda/index.js'),
);

const lambda = mockClient(LambdaClient);
const secrets = mockClient(SecretsManagerClient);
const warn = jest.spyOn(logger, 'warn');
const environment = { ...process.env };

let server: MigrationServer;
let database: string;
let client: Client;
let timeLeftMs: number;
beforeAll(async () => {
  server = await MigrationServer.start();
  await server.admin.query('CREATE ROLE app_user LOGIN');
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
}, 60_000);
afterAll(async () => {
  process.env = environment;
  await server?.dispose();
});
beforeEach(async () => {
  ({ database, client } = await server.freshDatabase());
  timeLeftMs = 60_000;
  warn.mockClear();
  const { host, port } = server.cluster.primary;
  const { user, password } = server.cluster.master;
  const secret = (username: string, secretPassword: string) => ({
    SecretString: JSON.stringify({ username, password: secretPassword, host, port }),
  });
  secrets.reset();
  secrets.on(GetSecretValueCommand, { SecretId: 'master' }).resolves(secret(user, password));
  secrets.on(GetSecretValueCommand, { SecretId: 'application' }).resolves(secret('app_user', 'of-the-secret'));
  lambda.reset();
  lambda.on(InvokeCommand).callsFake(async ({ FunctionName }: { FunctionName: string }) => {
    process.env = { ...environment, ...variables(FunctionName) };
    try {
      await handler({}, { getRemainingTimeInMillis: () => timeLeftMs });
      return { StatusCode: 200 };
    } catch (error) {
      const payload = JSON.stringify({ errorMessage: (error as Error).message });
      return { StatusCode: 200, FunctionError: 'Unhandled', Payload: new TextEncoder().encode(payload) };
    }
  });
});
afterEach(() => client.end());

function variables(taskRoot: string): Record<string, string> {
  return {
    MASTER_SECRET_ARN: 'master',
    APP_SECRET_ARN: 'application',
    DATABASE_NAME: database,
    HAS_PROXY: 'false',
    LAMBDA_TASK_ROOT: taskRoot,
  };
}

/** Publishes a version of the function with these migrations. */
function version(files: Record<string, string>): string {
  const taskRoot = server.migrationFolder(
    Object.fromEntries(Object.entries(files).map(([name, sql]) => [join(MIGRATIONS_FOLDER, name), sql])),
  );
  mkdirSync(dirname(join(taskRoot, RDS_CA_FILE)), { recursive: true });
  writeFileSync(join(taskRoot, RDS_CA_FILE), server.cluster.ca);
  return taskRoot;
}

/** CloudFormation updates the trigger to a version; a rollback does the same with the earlier one. */
function update(HandlerArn: string): Promise<void> {
  return trigger({
    RequestType: 'Update',
    ResourceProperties: { HandlerArn, InvocationType: 'RequestResponse', Timeout: '840000' },
  });
}

/** Rolls back, and returns what the function warned of. */
async function rollBack(to: string): Promise<string> {
  warn.mockClear();
  await update(to);
  expect(warn).toHaveBeenCalledTimes(1);
  return warn.mock.calls[0]?.[0] as string;
}

test('two good migrations, and a failure elsewhere in the stack: the rollback applies nothing and says what the database has', async () => {
  const one = version(FIRST);
  const two = version({ ...FIRST, [B]: GOOD, [C]: 'CREATE TABLE c ();' });
  await update(one);
  await update(two);
  expect(warn).not.toHaveBeenCalled();
  expect(await rollBack(one)).toBe(
    `the database has migrations that this version does not have: ${B} (finished), ${C} (finished). This is an older version, as after a rollback: nothing was applied and nothing undone. The next version must contain them.`,
  );
  expect(await historyOf(client)).toEqual([`${A} finished`, `${B} finished`, `${C} finished`]);
  await update(two);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('a good and a bad migration: the rollback succeeds, and the corrected version continues with the second', async () => {
  const one = version(FIRST);
  await update(one);
  await expect(update(version({ ...FIRST, [B]: GOOD, [C]: BAD }))).rejects.toThrow(
    'SQLSTATE 22012, division by zero. Nothing of it was kept: correct the cause and deploy again',
  );
  expect(await rollBack(one)).toContain(`does not have: ${B} (finished). This`);
  await update(version({ ...FIRST, [B]: GOOD, [C]: 'CREATE TABLE c ();' }));
  expect(await historyOf(client)).toEqual([`${A} finished`, `${B} finished`, `${C} rolled back`, `${C} finished`]);
});

test('an index that the server is still building: the rollback waits for nothing, and leaves the open entry alone', async () => {
  const one = version(FIRST);
  const two = version({ ...FIRST, [B]: BUILD });
  await update(one);
  const older = await server.login(database);
  await older.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM a');
  timeLeftMs = TIME_RESERVE_MS + 500;
  await expect(update(two)).rejects.toThrow(`the function's time ran out during ${B}`);
  timeLeftMs = TIME_RESERVE_MS + 20_000;
  expect(await rollBack(one)).toMatch(
    new RegExp(`does not have: ${B} \\(not finished\\)\\..*What an unfinished one has kept, its entry does not say`),
  );
  expect(await builds()).toBe(1);
  expect(await historyOf(client)).toEqual([`${A} finished`, `${B} open`]);

  await older.end();
  await update(two);
  expect(await historyOf(client)).toEqual([`${A} finished`, `${B} finished`]);
  expect(
    await names(client, "SELECT indisvalid::text AS name FROM pg_index WHERE indexrelid = 'idx_a'::regclass"),
  ).toEqual(['true']);
});

test('a build that was cut off: the rollback succeeds, and the next version builds the index again', async () => {
  const one = version(FIRST);
  const two = version({ ...FIRST, [B]: BUILD });
  await update(one);
  const older = await server.login(database);
  await older.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM a');
  timeLeftMs = TIME_RESERVE_MS + 500;
  await expect(update(two)).rejects.toThrow(`the function's time ran out during ${B}`);
  await client.query(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'migrate'",
  );
  await older.end();
  timeLeftMs = 60_000;
  expect(await rollBack(one)).toContain(`${B} (not finished)`);
  await update(two);
  expect(await historyOf(client)).toEqual([`${A} finished`, `${B} rolled back`, `${B} finished`]);
});

test('a migration that kept a part: the rollback succeeds, and every newer version still needs a person', async () => {
  const one = version(FIRST);
  await update(one);
  await expect(update(version({ ...FIRST, [B]: GOOD, [C]: HALF }))).rejects.toThrow('Some of it may have been kept');
  expect(await rollBack(one)).toContain(`${B} (finished), ${C} (not finished)`);
  expect(await historyOf(client)).toEqual([`${A} finished`, `${B} finished`, `${C} open`]);

  const corrected = { ...FIRST, [B]: GOOD, [C]: 'SELECT 1;' };
  await expect(update(version(corrected))).rejects.toThrow(`${C} began at`);
  const D = '20250101000003_d';
  await expect(update(version({ ...FIRST, [B]: GOOD, [D]: 'SELECT 1;' }))).rejects.toThrow(`${C} began at`);
  await client.query(rollBackStatement(C));
  await update(version(corrected));
});

test('an older version that still has something to apply is no rollback, and fails', async () => {
  await update(version({ ...FIRST, [B]: GOOD }));
  await expect(update(version({ ...FIRST, [C]: 'CREATE TABLE c ();' }))).rejects.toThrow(
    `the database has the migration ${B}, the folder does not; deploy a version that contains it`,
  );
});

test('a rollback of the creation calls nothing', async () => {
  await trigger({ RequestType: 'Delete', ResourceProperties: { HandlerArn: 'never called' } });
  expect(lambda.calls()).toEqual([]);
});

/** Index builds that the server is running in the database. */
async function builds(): Promise<number> {
  await sleep(50);
  const { rows } = await client.query<{ builds: string }>(
    'SELECT count(*) AS builds FROM pg_stat_progress_create_index WHERE datname = current_database()',
  );
  return Number(rows[0]?.builds);
}
