import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { describeDatabaseSchema } from '../../support/database/database-schema';
import { MIGRATIONS, MigrationServer, names } from '../../support/database/migration-server';
import { describePrismaSchema } from '../../support/database/prisma-schema';

const PRISMA_SCHEMA = readFileSync(join(MIGRATIONS, 'schema.prisma'), 'utf8');

let server: MigrationServer;
let client: Client;
beforeAll(async () => {
  server = await MigrationServer.start();
  ({ client } = await server.freshDatabase());
  await runMigrations(client, readMigrations(MIGRATIONS));
}, 60_000);
afterAll(async () => {
  await client?.end();
  await server?.dispose();
});

test('the migrated database has exactly the tables, columns, keys, indexes and enums of schema.prisma', async () => {
  const database = await describeDatabaseSchema(client);
  expect(database).toEqual(describePrismaSchema(PRISMA_SCHEMA));
  const count = (kind: string) => database.filter((line) => line.startsWith(kind)).length;
  expect(['table', 'column', 'primary key', 'unique index', 'index', 'foreign key', 'enum'].map(count)).toEqual([
    14, 101, 14, 8, 35, 3, 6,
  ]);
});

test('a column or index that only one side has is detected', async () => {
  await client.query('BEGIN; ALTER TABLE salons ALTER name DROP NOT NULL; CREATE INDEX later ON salons (name DESC)');
  const database = await describeDatabaseSchema(client);
  await client.query('ROLLBACK');
  const prisma = describePrismaSchema(PRISMA_SCHEMA);
  expect(database.filter((line) => !prisma.includes(line))).toEqual([
    'column salons.name text',
    'index later on salons using btree (name desc)',
  ]);
  expect(prisma.filter((line) => !database.includes(line))).toEqual(['column salons.name text not null']);
});

test('no index is invalid', async () => {
  expect(await names(client, 'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid')).toEqual(
    [],
  );
});

test('the BRIN indexes summarize small ranges automatically', async () => {
  const sql = `SELECT DISTINCT array_to_string(reloptions, ', ') AS name
    FROM pg_class JOIN pg_am ON pg_am.oid = relam WHERE amname = 'brin'`;
  expect(await names(client, sql)).toEqual(['pages_per_range=32, autosummarize=on']);
});
