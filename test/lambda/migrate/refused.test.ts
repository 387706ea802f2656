import type { Client } from 'pg';
import { kindOf } from '../../../lambda/migrate/apply/kinds';
import { runMigrations } from '../../../lambda/migrate/runner';
import { readMigrations } from '../../../lib/contract/migrations';
import { historyOf } from '../../support/database/migration-history';
import { MigrationServer, names } from '../../support/database/migration-server';

const FIRST = '0_init';
const SECOND = '1_second';

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

function run(files: Record<string, string | Buffer>) {
  return runMigrations(client, readMigrations(server.migrationFolder(files)));
}

function tables(): Promise<string[]> {
  return names(
    client,
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
}

test.each([
  ['CREATE TABLE t ();\nCOMMIT;\nCREATE TABLE u ();', 'statement 2 (line 2, COMMIT)'],
  ['CREATE TABLE t (); ROLLBACK; SELECT 1;', 'statement 2 (line 1, ROLLBACK)'],
  ['BEGIN; CREATE TABLE t (); COMMIT;', 'statement 1 (line 1, BEGIN)'],
  ['CREATE TABLE t ();\n-- Why\nSTART TRANSACTION;', 'statement 2 (line 3, START TRANSACTION)'],
  ["PREPARE TRANSACTION 'x';", 'statement 1 (line 1, PREPARE TRANSACTION)'],
  ["SELECT E'\\''; COMMIT; SELECT ' '; SELECT 1 / 0;", 'statement 2 (line 1, COMMIT)'],
])('transaction control is refused before anything runs: %s', async (sql, where) => {
  await expect(run({ [FIRST]: 'CREATE TABLE first ();', [SECOND]: sql })).rejects.toThrow(
    `nothing was applied, because a file cannot be run: ${SECOND}/migration.sql, ${where}: a file and its entry in the history are one transaction; leave it out`,
  );
  expect(await tables()).toEqual(['_prisma_migrations']);
  expect(await historyOf(client)).toEqual([]);
});

test.each([
  [
    'CREATE INDEX CONCURRENTLY a ON first (id); CREATE INDEX CONCURRENTLY b ON first (id);',
    'CREATE INDEX CONCURRENTLY',
  ],
  ['SELECT 1; ALTER TABLE p DETACH PARTITION q CONCURRENTLY;', 'ALTER TABLE'],
  ['DROP INDEX CONCURRENTLY a; SELECT 1;', 'DROP INDEX CONCURRENTLY'],
  ['REINDEX (VERBOSE, CONCURRENTLY) TABLE first; SELECT 1;', 'REINDEX VERBOSE CONCURRENTLY'],
  ['VACUUM first; SELECT 1;', 'VACUUM FIRST'],
])('what PostgreSQL runs only alone is refused beside others, before anything runs: %s', async (sql, words) => {
  const failing = run({ [FIRST]: 'CREATE TABLE first (id int);', [SECOND]: sql });
  await expect(failing).rejects.toThrow(words);
  await expect(failing).rejects.toThrow('PostgreSQL refuses it beside others; give it a file of its own');
  expect(await tables()).toEqual(['_prisma_migrations']);
});

test('all refused files are named at once', async () => {
  await expect(run({ [FIRST]: 'COMMIT', [SECOND]: 'ROLLBACK' })).rejects.toThrow(/0_init.*; 1_second/);
});

test('a refused file that was applied before, as by Prisma, stops nothing', async () => {
  await run({ [FIRST]: 'CREATE TABLE first ();' });
  await client.query('UPDATE _prisma_migrations SET checksum = encode(sha256($1), $2)', [Buffer.from('BEGIN;'), 'hex']);
  expect((await run({ [FIRST]: 'BEGIN;', [SECOND]: 'SELECT 1' })).applied).toEqual([SECOND]);
});

test('a file that is not UTF-8 is refused before anything runs', async () => {
  const bytes = Buffer.from("COMMENT ON TABLE first IS 'Äpfel';", 'latin1');
  expect(() => run({ [FIRST]: 'CREATE TABLE first ();', [SECOND]: bytes })).toThrow(
    '1_second/migration.sql is not UTF-8',
  );
  expect(await tables()).toEqual([]);
});

test.each([
  '-- Not built concurrently, because the table is new.\nCREATE TABLE t (); SELECT 1 / 0;',
  "CREATE TABLE t (); COMMENT ON TABLE t IS 'concurrently; COMMIT;'; SELECT 1 / 0;",
  'CREATE TABLE t (concurrently_built int); SELECT 1 / 0;',
])('the word concurrently elsewhere does not keep a file out of its transaction: %s', async (sql) => {
  await expect(run({ [FIRST]: sql })).rejects.toThrow('Nothing of it was kept');
  expect(await tables()).toEqual(['_prisma_migrations']);
  expect(await historyOf(client)).toEqual([`${FIRST} rolled back`]);
});

test.each([
  ['ALTER TABLE p DETACH PARTITION q CONCURRENTLY;', { kind: 'alone', leavesTraces: true }],
  ['REINDEX INDEX CONCURRENTLY i', { kind: 'alone', leavesTraces: true }],
  ['VACUUM t;', { kind: 'alone', leavesTraces: false }],
  ['ALTER SYSTEM SET work_mem = 1', { kind: 'alone', leavesTraces: false }],
  ['CREATE INDEX CONCURRENTLY ON t (id)', { kind: 'alone', leavesTraces: true }],
  ['CREATE INDEX CONCURRENTLY I ON S.T (id)', { kind: 'concurrent index', index: 'i', table: 's.t' }],
  [
    'create unique index /* ; */ concurrently if not exists "I""x" on only "S".t (id) -- ;',
    { kind: 'concurrent index', index: 'I"x', table: '"S".t' },
  ],
  ['REFRESH MATERIALIZED VIEW CONCURRENTLY v; SELECT 1', { kind: 'transaction' }],
  ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 1', { kind: 'transaction' }],
  ['DO $$ BEGIN COMMIT; END $$', { kind: 'transaction' }],
])('the kind of: %s', (sql, kind) => {
  expect(kindOf({ sql })).toEqual(kind);
});

test.each([
  ['VACUUM missing;', 'Nothing of it was kept', 'rolled back'],
  ['DROP INDEX CONCURRENTLY missing;', 'Some of it may have been kept', 'open'],
])('a statement that runs alone and fails: %s', async (sql, sentence, state) => {
  await expect(run({ [FIRST]: sql })).rejects.toThrow(sentence);
  expect(await historyOf(client)).toEqual([`${FIRST} ${state}`]);
});

test('a statement that runs alone is applied and recorded', async () => {
  const files = {
    [FIRST]: 'CREATE TABLE t (id int); CREATE INDEX i ON t (id);',
    [SECOND]: 'DROP INDEX CONCURRENTLY i;',
  };
  await run(files);
  expect(await names(client, "SELECT to_regclass('i')::text AS name")).toEqual([null]);
  expect(await historyOf(client)).toEqual([`${FIRST} finished`, `${SECOND} finished`]);
});
