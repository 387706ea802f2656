import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { MigrationServer } from '../../support/database/migration-server';

/**
 * The migration history as Prisma's engine creates and fills it. The engine is not installed here: the statements below follow its
 * sources (prisma-engines, schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs for the table,
 * …/src/sql_migration_persistence.rs for the rows, schema-connector/src/checksum.rs for the checksums, commands/src/commands/
 * apply_migrations.rs for their order and for P3009). Unconfirmed: what a version newer than those sources does.
 */
const PRISMA_TABLE = `CREATE TABLE _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;
const START =
  'INSERT INTO _prisma_migrations (id, checksum, started_at, migration_name) VALUES (gen_random_uuid()::text, $1, $2, $3)';
const STEP = 'UPDATE _prisma_migrations SET applied_steps_count = applied_steps_count + 1 WHERE migration_name = $1';
const FINISH = 'UPDATE _prisma_migrations SET finished_at = $2 WHERE migration_name = $1';
const FAIL = 'UPDATE _prisma_migrations SET logs = $2 WHERE migration_name = $1';
const RESOLVE_ROLLED_BACK = 'UPDATE _prisma_migrations SET rolled_back_at = $2 WHERE migration_name = $1';
const RESOLVE_APPLIED = `INSERT INTO _prisma_migrations (id, checksum, logs, started_at, finished_at, migration_name)
  VALUES (gen_random_uuid()::text, $1, '', $2, $2, $3)`;

const A = '20250101000000_a';
const B = '20250101000001_b';
const C = '20250101000002_c';
const FILES = {
  [A]: 'CREATE TABLE a (id int);\n',
  [B]: 'CREATE INDEX CONCURRENTLY b ON a (id);\n',
  [C]: 'CREATE TABLE c ();\n',
};

let server: MigrationServer;
let client: Client;
beforeAll(async () => {
  server = await MigrationServer.start();
}, 60_000);
afterAll(() => server?.dispose());
beforeEach(async () => {
  ({ client } = await server.freshDatabase());
});
afterEach(() => client.end());

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The start of `prisma migrate deploy` of one file, as after an interruption. */
async function prismaStarts(name: keyof typeof FILES, sql: string = FILES[name]): Promise<void> {
  await client.query(START, [sha256(sql), new Date(), name]);
}

/** `prisma migrate deploy` of one file. */
async function prismaApplies(name: keyof typeof FILES): Promise<void> {
  await prismaStarts(name);
  await client.query(FILES[name]);
  await client.query(STEP, [name]);
  await client.query(FINISH, [name, new Date()]);
}

async function tableLayout(): Promise<unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT attnum, attname, format_type(atttypid, atttypmod) AS type, attnotnull, pg_get_expr(adbin, adrelid) AS preset
       FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = '_prisma_migrations'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  return rows;
}

test('a database that Prisma has migrated is migrated further', async () => {
  await client.query(PRISMA_TABLE);
  await prismaApplies(A);
  const report = await runMigrations(client, readMigrations(server.migrationFolder(FILES)));
  expect(report).toEqual({ applied: [B, C], alreadyApplied: [A], beyondFolder: [] });
});

test('a database migrated here has the table and rows that Prisma would write', async () => {
  await client.query(PRISMA_TABLE);
  const prismas = await tableLayout();
  await client.query('DROP TABLE _prisma_migrations');
  await runMigrations(client, readMigrations(server.migrationFolder(FILES)));
  expect(await tableLayout()).toEqual(prismas);
  const { rows } = await client.query(
    `SELECT migration_name AS name, checksum, logs, rolled_back_at, applied_steps_count AS steps, length(id) AS id,
            finished_at >= started_at AS finished
       FROM _prisma_migrations ORDER BY started_at`,
  );
  expect(rows).toEqual(
    Object.entries(FILES).map(([name, sql]) => ({
      name,
      checksum: sha256(sql),
      logs: null,
      rolled_back_at: null,
      steps: 1,
      id: 36,
      finished: true,
    })),
  );
});

test('an entry that "migrate resolve" settled counts as settled', async () => {
  await client.query(PRISMA_TABLE);
  await client.query('CREATE TABLE a (id int)');
  await client.query(RESOLVE_APPLIED, [sha256(FILES[A]), new Date(), A]);
  await prismaStarts(B);
  await client.query(RESOLVE_ROLLED_BACK, [B, new Date()]);
  expect(await runMigrations(client, readMigrations(server.migrationFolder(FILES)))).toEqual({
    applied: [B, C],
    alreadyApplied: [A],
    beyondFolder: [],
  });
});

test('a file that Prisma began and did not finish fails the run, because Prisma may have committed it', async () => {
  await client.query(PRISMA_TABLE);
  await prismaStarts(A);
  const run = () => runMigrations(client, readMigrations(server.migrationFolder(FILES)));
  await expect(run()).rejects.toThrow(
    /^20250101000000_a began at 2.* and did not finish, and its entry does not say what of it was kept\. Compare the database with the file\. If all of it is there, run "prisma migrate resolve --applied 20250101000000_a"\..* run this as the master user.*: UPDATE public\._prisma_migrations SET/,
  );
  await client.query(FAIL, [A, 'Database error code: 42P07\n\nrelation "a" already exists']);
  // Not what Prisma's engine stored: PostgreSQL's message may quote data.
  await expect(run()).rejects.toThrow('did not finish (its column logs in _prisma_migrations says why)');
});

test.each([
  ['completed without finishing its entry', 'b', []],
  ['did not complete', 'b_of_another_name', [B]],
])('an index build that Prisma began and %s is settled automatically', async (_, index, applied) => {
  await client.query(PRISMA_TABLE);
  await prismaApplies(A);
  await prismaStarts(B);
  await client.query(FILES[B].replace('b ON', `${index} ON`));
  const report = await runMigrations(client, readMigrations(server.migrationFolder(FILES)));
  expect(report.applied).toEqual([...applied, C]);
});

test('an open entry whose file has changed since fails the run', async () => {
  await client.query(PRISMA_TABLE);
  await prismaApplies(A);
  await prismaStarts(B, 'CREATE INDEX CONCURRENTLY old_name ON a (id);');
  await expect(runMigrations(client, readMigrations(server.migrationFolder(FILES)))).rejects.toThrow(`${B} began at`);
});

describe('a checksum', () => {
  // The SHA-256 of this text has a byte under 16, which Prisma's old versions wrote as one digit.
  const sql = 'SELECT 1;\nSELECT 2;\n';
  const windows = sql.replaceAll('\n', '\r\n');
  const old = (sha256(sql).match(/../g) ?? []).map((byte) => byte.replace(/^0/, '')).join('');

  test.each([
    ['with the line ends of Windows in the history', windows, sha256(sql)],
    ['with the line ends of Unix in the history', sql, sha256(windows)],
    ['in the form of Prisma’s old versions', sql, old],
  ])('%s belongs to the file', async (_, file, checksum) => {
    await client.query(PRISMA_TABLE);
    await client.query(RESOLVE_APPLIED, [checksum, new Date(), A]);
    const folder = server.migrationFolder({ [A]: '' });
    writeFileSync(join(folder, A, 'migration.sql'), file);
    await expect(runMigrations(client, readMigrations(folder))).resolves.toEqual({
      applied: [],
      alreadyApplied: [A],
      beyondFolder: [],
    });
  });

  test('in the old form is shorter', () => {
    expect(old.length).toBeLessThan(64);
  });
});
