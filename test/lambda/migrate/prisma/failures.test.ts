import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { withPrismaLock } from '../../../../lambda/migrate/lock';
import { rollBackStatement } from '../../../../lambda/migrate/history';
import { runMigrations } from '../../../../lambda/migrate/runner';
import { readMigrations } from '../../../../lib/contract/migrations';
import { historyOf } from '../../../support/database/migration-history';
import { MigrationServer, names } from '../../../support/database/migration-server';
import { PrismaProject } from '../../../support/prisma/project';

const FIRST = '20250101000000_first';
const SECOND = '20250102000000_second';
const BROKEN = 'CREATE TABLE half (id int);\nSELECT 1 / 0;\n';

let server: MigrationServer;
let client: Client;
let project: PrismaProject;
beforeAll(async () => {
  server = await MigrationServer.start();
}, 60_000);
beforeEach(async () => {
  const fresh = await server.freshDatabase();
  client = fresh.client;
  project = new PrismaProject(server, fresh.database);
  project.keepMigrations(() => false);
  project.writeMigration(FIRST, 'CREATE TABLE first (id int PRIMARY KEY);');
});
afterEach(async () => {
  await client.end();
  project.dispose();
});
afterAll(() => server?.dispose());

const ours = () => runMigrations(client, readMigrations(project.migrations));
const tables = () =>
  names(
    client,
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );

test('a file that failed under Prisma stops the function, until its entry is rolled back', async () => {
  project.writeMigration(SECOND, BROKEN);
  const deploy = await project.prisma('migrate', 'deploy');
  expect(deploy).toMatchObject({ exitCode: 1, output: expect.stringContaining('division by zero') as string });
  expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} open`]);
  const refusal = await ours().then(() => '', String);
  expect(refusal).toContain(`prisma migrate resolve --applied ${SECOND}`);
  // The statement that the message ends with.
  await client.query(/: (UPDATE .*)$/.exec(refusal)?.[1] ?? '');
  expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} rolled back`]);

  project.writeMigration(SECOND, 'CREATE TABLE half (id int);');
  expect((await ours()).applied).toEqual([SECOND]);
  expect(await tables()).toEqual(['_prisma_migrations', 'first', 'half']);
  expect(await project.prisma('migrate', 'status')).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('up to date') as string,
  });
}, 90_000);

test('the page for people has the statement of the message', () => {
  const page = readFileSync(join(__dirname, '../../../../lambda/migrate/prisma.md'), 'utf8');
  const [, statement = ''] = /```sql\n([\s\S]*?)```/.exec(page) ?? [];
  expect(statement.replaceAll(/\s+/g, ' ').trim()).toBe(rollBackStatement('<name>'));
});

test('resolve --rolled-back needs the native engine to try the connection only; the engine here does the work', async () => {
  project.writeMigration(SECOND, BROKEN);
  expect(await project.prisma('migrate', 'deploy')).toMatchObject({ exitCode: 1 });
  const resolve = ['migrate', 'resolve', '--rolled-back', SECOND];
  expect(await project.prisma(...resolve)).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('Schema engine exited') as string,
  });
  expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} open`]);
  // A program that only succeeds, in place of the native engine.
  project.nativeEngine(0);
  expect(await project.prisma(...resolve)).toMatchObject({ exitCode: 0 });
  expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} rolled back`]);
}, 90_000);

test('a file that the function left open stops Prisma, until it is resolved as applied', async () => {
  // What a failed REINDEX CONCURRENTLY leaves, only a person can see.
  project.writeMigration(SECOND, 'REINDEX INDEX CONCURRENTLY missing;');
  await expect(ours()).rejects.toThrow(SECOND);
  expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} open`]);
  expect(await project.prisma('migrate', 'deploy')).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('P3009') as string,
  });

  expect(await project.prisma('migrate', 'resolve', '--applied', SECOND)).toMatchObject({ exitCode: 0 });
  expect(await project.prisma('migrate', 'deploy')).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('No pending migrations') as string,
  });
  expect(await ours()).toMatchObject({ applied: [], alreadyApplied: [FIRST, SECOND] });
}, 90_000);

test('a file of which the function kept nothing is for Prisma one to apply', async () => {
  project.writeMigration(SECOND, BROKEN);
  await expect(ours()).rejects.toThrow(SECOND);
  expect(await tables()).toEqual(['_prisma_migrations', 'first']);
  project.writeMigration(SECOND, 'CREATE TABLE half (id int);');
  expect(await project.prisma('migrate', 'deploy')).toMatchObject({ exitCode: 0 });
  expect(await tables()).toEqual(['_prisma_migrations', 'first', 'half']);
}, 90_000);

test('a database that exists is taken over by resolving what it has', async () => {
  await client.query('CREATE TABLE first (id int PRIMARY KEY)');
  await expect(ours()).rejects.toThrow('no migration history');
  expect(await project.prisma('migrate', 'resolve', '--applied', FIRST)).toMatchObject({ exitCode: 0 });
  project.writeMigration(SECOND, 'CREATE TABLE second (id int);');
  expect((await ours()).applied).toEqual([SECOND]);
  expect(await project.prisma('migrate', 'status')).toMatchObject({ exitCode: 0 });
}, 90_000);

test('the function waits for a run of Prisma, and finds its work done', async () => {
  project.writeMigration(SECOND, 'SELECT pg_sleep(3);\nCREATE TABLE second (id int);\n');
  const deploy = project.prisma('migrate', 'deploy');
  const isSleeping = "SELECT pid::text AS name FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(3)%'";
  for (const until = Date.now() + 20_000; (await names(server.admin, isSleeping)).length === 0; await sleep(50))
    if (Date.now() > until) throw new Error(`Prisma did not reach the second file: ${(await deploy).output}`);
  expect(await ours()).toMatchObject({ applied: [], alreadyApplied: [FIRST, SECOND] });
  expect(await deploy).toMatchObject({ exitCode: 0 });
  expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
}, 90_000);

test('Prisma waits 10 s for a run of the function, then gives up and applies nothing; after its own work it waits as long', async () => {
  const other = await server.freshDatabase();
  const undisturbed = new PrismaProject(server, other.database);
  undisturbed.keepMigrations(() => false);
  undisturbed.writeMigration(FIRST, 'CREATE TABLE first (id int PRIMARY KEY);');
  const started = performance.now();
  const [deploy, alone] = await Promise.all([
    withPrismaLock(client, () => project.prisma('migrate', 'deploy')),
    undisturbed.unchangedPrisma('migrate', 'deploy'),
  ]);
  expect(performance.now() - started).toBeGreaterThan(10_000);
  expect(deploy.exitCode).toBe(1);
  expect(deploy.output).toContain('72707369');
  expect(await tables()).toEqual([]);
  expect(alone).toMatchObject({ exitCode: 0 });
  expect(alone.seconds).toBeGreaterThan(10);
  expect(await historyOf(other.client)).toEqual([`${FIRST} finished`]);
  await other.client.end();
  undisturbed.dispose();
}, 90_000);
