import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { runMigrations } from '../../../../lambda/migrate/runner';
import { readMigrations } from '../../../../lib/contract/migrations';
import { describeDatabaseSchema } from '../../../support/database/database-schema';
import { historyOf } from '../../../support/database/migration-history';
import { MIGRATIONS, MigrationServer, names } from '../../../support/database/migration-server';
import { describePrismaSchema } from '../../../support/database/prisma-schema';
import { PrismaProject } from '../../../support/prisma/project';

const OURS = readMigrations(MIGRATIONS);
const SCHEMA = describePrismaSchema(readFileSync(join(MIGRATIONS, 'schema.prisma'), 'utf8'));
const HALF = 20;

let server: MigrationServer;
/** A database that the function has migrated. */
let migrated: string;
let client: Client;
let project: PrismaProject;
beforeAll(async () => {
  server = await MigrationServer.start();
  const fresh = await server.freshDatabase();
  await runMigrations(fresh.client, OURS);
  await fresh.client.end();
  migrated = fresh.database;
}, 60_000);

/** Each test begins with it. `template`: a database to copy; default: an empty one. */
async function open(template?: string): Promise<void> {
  const fresh = await server.freshDatabase(template);
  client = fresh.client;
  project = new PrismaProject(server, fresh.database);
}
afterEach(async () => {
  await client.end();
  project.dispose();
});
afterAll(() => server?.dispose());

/** Every migration is in the history once, finished, and the database is the one of schema.prisma. */
async function expectComplete(): Promise<void> {
  expect((await historyOf(client)).sort()).toEqual(OURS.map(({ name }) => `${name} finished`));
  expect(await describeDatabaseSchema(client)).toEqual(SCHEMA);
}

test('what the function migrated is up to date for Prisma, without drift', async () => {
  await open(migrated);
  expect(await project.prisma('migrate', 'status')).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining(`${OURS.length} migrations found`) as string,
  });
  const deploy = await project.prisma('migrate', 'deploy');
  expect(deploy).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('No pending migrations to apply') as string,
  });

  // Prisma applies all files to a shadow database, and compares it with the database and with schema.prisma.
  const draft = await project.prisma('migrate', 'dev', '--create-only', '--name', 'drift');
  const [created] = readdirSync(project.migrations).filter((name) => name.endsWith('_drift'));
  expect(draft.output).not.toMatch(/drift detected|reset/i);
  expect(readFileSync(join(project.migrations, created!, 'migration.sql'), 'utf8').trim()).toBe(
    '-- This is an empty migration.',
  );
  expect(await names(client, "SELECT datname AS name FROM pg_database WHERE datname LIKE 'prisma%'")).toEqual([]);

  const pull = await project.prisma('db', 'pull', '--print');
  expect(pull.exitCode).toBe(0);
  expect(describePrismaSchema(pull.output.slice(pull.output.indexOf('generator client')))).toEqual(SCHEMA);
  await expectComplete();
}, 90_000);

test('a migration that Prisma writes from schema.prisma is applied by the function, and is no drift then', async () => {
  await open(migrated);
  project.changeSchema('model Salon {', 'model Salon {\n  nickname String?');
  const draft = await project.prisma('migrate', 'dev', '--create-only', '--name', 'nickname');
  // Prisma has written the file by then, and closes its engine twice.
  expect(draft).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('null pointer passed to rust') as string,
  });
  const migrations = readMigrations(project.migrations);
  expect(migrations.at(-1)?.sql).toContain('ALTER TABLE "salons" ADD COLUMN     "nickname" TEXT;');
  expect((await runMigrations(client, migrations)).applied).toEqual([migrations.at(-1)?.name]);
  expect(await project.prisma('migrate', 'status')).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('up to date') as string,
  });
}, 90_000);

test('a column that a person added by hand is drift for Prisma', async () => {
  await open(migrated);
  await client.query('ALTER TABLE salons ADD by_hand text');
  const draft = await project.prisma('migrate', 'dev', '--create-only', '--name', 'drift');
  expect(draft.exitCode).not.toBe(0);
  expect(draft.output).toContain('by_hand');
}, 90_000);

test('what Prisma deployed is complete for the function', async () => {
  await open();
  expect(await project.prisma('migrate', 'deploy')).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('All migrations have been successfully applied') as string,
  });
  expect(await runMigrations(client, OURS)).toEqual({
    applied: [],
    alreadyApplied: OURS.map(({ name }) => name),
    beyondFolder: [],
  });
  await expectComplete();
}, 90_000);

test('Prisma goes on where the function stopped', async () => {
  await open();
  await runMigrations(client, OURS.slice(0, HALF));
  const deploy = await project.prisma('migrate', 'deploy');
  expect(deploy.exitCode).toBe(0);
  expect(deploy.output.match(/\d{14}_\w+/g)).toEqual(OURS.slice(HALF).map(({ name }) => name));
  await expectComplete();
}, 90_000);

test('the function goes on where Prisma stopped', async () => {
  await open();
  project.keepMigrations((_, position) => position < HALF);
  expect(await project.prisma('migrate', 'deploy')).toMatchObject({ exitCode: 0 });
  expect((await runMigrations(client, OURS)).applied).toEqual(OURS.slice(HALF).map(({ name }) => name));
  await expectComplete();
}, 90_000);
