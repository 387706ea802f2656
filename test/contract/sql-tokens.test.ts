import { join } from 'node:path';
import { loadModule, parseSync, type ParseResult } from 'libpg-query';
import { readMigrations } from '../../lib/contract/migrations';
import { splitStatements } from '../../lib/contract/sql-tokens';

const STATEMENTS = [
  "SELECT 'it''s; fine'",
  "SELECT E'it\\'s; fine', e'\\\\'",
  "SELECT 'a backslash ends nothing \\'",
  "SELECT U&'d\\0061t;a', N'n;', B'01', X'1F'",
  'SELECT 1 AS "a;b""c", U&"d\\0061;" FROM t',
  'SELECT $$ ; $$, $tag$ ; $$ ; $tag$',
  'SELECT a$b$ FROM t WHERE c$1 = $1',
  'SELECT 1 /* a ; /* nested ; */ ; */ + 1 -- ; to the end\r + 1',
  'DO $$ BEGIN PERFORM 1; END $$',
  'CREATE FUNCTION f(begin_at int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END',
  'CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC SELECT 1; END',
  'CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM u; SELECT 1)',
  "INSERT INTO t VALUES ('größe; 🐘', 1e5, .5)",
  'SELECT "größe;"',
];

/** The statements of a file as PostgreSQL's parser cuts it. */
function parsed(sql: string): string[] {
  const bytes = Buffer.from(sql);
  return ((parseSync(sql) as ParseResult).stmts ?? []).map(({ stmt_location: start = 0, stmt_len: length }) =>
    bytes.subarray(start, length ? start + length : undefined).toString(),
  );
}

beforeAll(() => loadModule());

test.each(STATEMENTS)('the statements around it are those of PostgreSQL’s parser: %s', (statement) => {
  const sql = `SELECT 'first';;\n-- It's one;\n${statement};\n/* it's; */ SELECT 'last' -- no semicolon`;
  const texts = splitStatements(sql).map(({ text }) => text);
  expect(texts).toEqual(["SELECT 'first'", statement, "SELECT 'last'"]);
  expect(parsed(sql)).toHaveLength(3);
  expect(parsed(sql)[1]).toContain(statement);
});

test('the project’s migrations are cut as by PostgreSQL’s parser', () => {
  for (const { name, sql } of readMigrations(join(__dirname, '../../lambda/migrations'))) {
    const ours = splitStatements(sql).map(({ start }) => Buffer.byteLength(sql.slice(0, start)));
    const theirs = ((parseSync(sql) as ParseResult).stmts ?? []).map(({ stmt_location: at = 0, stmt_len: length }) => [
      at,
      at + (length ?? Infinity),
    ]);
    expect([name, theirs.length]).toEqual([name, ours.length]);
    expect([name, ours.every((start, i) => start >= theirs[i]![0]! && start < theirs[i]![1]!)]).toEqual([name, true]);
  }
});

test('5 MB in one statement and 100,000 statements are cut in at most 4 s, and what is not closed reaches to the end', () => {
  const started = performance.now();
  expect(splitStatements(`SELECT '${'x'.repeat(5e6)}'`)).toHaveLength(1);
  expect(splitStatements("SELECT 'a';".repeat(100_000))).toHaveLength(100_000);
  expect(performance.now() - started).toBeLessThan(4000);
  expect(splitStatements("SELECT 'a; b")).toHaveLength(1);
  expect(splitStatements('SELECT /* a; b')).toHaveLength(1);
});
