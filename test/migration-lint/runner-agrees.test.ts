import { join } from 'node:path';
import { kindOf } from '../../lambda/migrate/apply/kinds';
import { readMigrations } from '../../lib/contract/migrations';
import { lintMigrations } from '../../lib/migration-lint/lint';

/** Whether the lint, which has PostgreSQL's parser, says that no run can apply the file. */
async function isRefusedByLint(sql: string): Promise<boolean> {
  const rules = (await lintMigrations([{ name: '0_file', sql, checksum: '' }])).map(({ rule }) => rule);
  expect([sql, rules]).not.toEqual([sql, expect.arrayContaining(['not-sql'])]);
  return rules.some((rule) => rule === 'transaction-control' || rule === 'concurrent-not-alone');
}

const REFUSED = [
  'BEGIN',
  'BEGIN WORK',
  'START TRANSACTION',
  'COMMIT',
  'COMMIT AND CHAIN',
  'END',
  'ROLLBACK',
  'ABORT',
  'SAVEPOINT a',
  'RELEASE a',
  'ROLLBACK TO a',
  "PREPARE TRANSACTION 'x'",
  "COMMIT PREPARED 'x'",
  'VACUUM',
  'VACUUM (ANALYZE) t',
  'ALTER SYSTEM SET work_mem = 1',
  'CREATE DATABASE d',
  'DROP DATABASE d',
  "CREATE TABLESPACE s LOCATION '/'",
  'DROP TABLESPACE s',
  "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
  'DROP SUBSCRIPTION s',
  'ALTER DATABASE d SET TABLESPACE s',
  'CREATE INDEX CONCURRENTLY ON t (a)',
  'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)',
  'DROP INDEX CONCURRENTLY i',
  'REINDEX TABLE CONCURRENTLY t',
  'REINDEX (CONCURRENTLY) INDEX i',
  'REINDEX (VERBOSE) SCHEMA s',
  'REINDEX SYSTEM d',
  'CLUSTER',
  'CLUSTER VERBOSE',
  'ALTER TABLE t DETACH PARTITION p CONCURRENTLY',
  'ALTER TABLE ONLY s.t DETACH PARTITION s.p CONCURRENTLY',
];
const ACCEPTED = [
  'PREPARE a AS SELECT 1',
  'ANALYZE t',
  'REINDEX TABLE schema',
  'REINDEX INDEX i',
  'CLUSTER t USING i',
  'ALTER DATABASE d SET work_mem = 1',
  'ALTER TABLE t DETACH PARTITION p',
  'ALTER TABLE t DETACH PARTITION p FINALIZE',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY v',
  'CREATE INDEX i ON t ("concurrently")',
  'CREATE INDEX i ON t (concurrently(a))',
  'CREATE TABLE "begin" (commit int)',
  "COMMENT ON TABLE t IS 'concurrently; COMMIT'",
  'DO $$ BEGIN COMMIT; END $$',
  'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END',
  "SELECT E'\\'; COMMIT; '",
  '/* /* */ COMMIT; */ SELECT 1',
  'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)',
  'DROP INDEX i',
  'CREATE UNIQUE INDEX i ON t (a)',
  'ALTER SUBSCRIPTION s DISABLE',
  'EXPLAIN SELECT 1',
  'SET search_path = a',
];

test.each([...REFUSED.map((sql) => [true, sql] as const), ...ACCEPTED.map((sql) => [false, sql] as const)])(
  'the runner, without the parser, and the lint agree: refused %s: %s',
  async (isRefused, statement) => {
    const sql = `SELECT 1;\n${statement};`;
    expect(await isRefusedByLint(sql)).toBe(isRefused);
    expect(kindOf({ sql }).kind).toBe(isRefused ? 'refused' : 'transaction');
  },
);

test('none of the project’s migrations is refused', () => {
  const kinds = readMigrations(join(__dirname, '../../lambda/migrations')).map((each) => kindOf(each).kind);
  expect(new Set(kinds)).toEqual(new Set(['transaction', 'concurrent index']));
});
