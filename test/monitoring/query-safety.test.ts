import { loadQueries } from '../../lib/monitoring/queries';
import { checkQueries } from '../../lib/monitoring/query-safety';

const check = (sql: string) => checkQueries([{ name: 'q', sql }]);

test('every query of the catalogue only reads', async () => {
  expect(loadQueries().length).toBeGreaterThan(25);
  await expect(checkQueries(loadQueries())).resolves.toBe(undefined);
});

const REFUSED: [string, string, string][] = [
  [
    'a statement that writes',
    "WITH gone AS (UPDATE salons SET name = '' RETURNING 1) SELECT count(*) FROM gone",
    'has a UPDATE',
  ],
  ['a deletion', 'WITH gone AS (DELETE FROM salons RETURNING 1) SELECT count(*) FROM gone', 'has a DELETE'],
  [
    'an insertion below',
    'SELECT * FROM (WITH made AS (INSERT INTO t VALUES (1) RETURNING 1) SELECT 1) AS x',
    'has a INSERT',
  ],
  ['two statements', 'SELECT 1; SELECT 2', 'has 2 statements; allowed: one SELECT'],
  ['a table made by a query', 'SELECT 1 AS n INTO made', 'creates a table by SELECT INTO'],
  ['a row lock', 'SELECT id FROM salons FOR UPDATE', 'locks rows'],
  ['a row lock below', 'SELECT * FROM (SELECT id FROM salons FOR KEY SHARE) AS x', 'locks rows'],
  ['an advisory lock', 'SELECT pg_advisory_lock(1)', 'calls pg_advisory_lock'],
  [
    'an advisory lock with its schema',
    'SELECT pg_catalog.pg_try_advisory_xact_lock(1)',
    'calls pg_try_advisory_xact_lock',
  ],
  ['a setting', "SELECT set_config('work_mem', '1GB', false)", 'calls set_config'],
  ['a wait in a condition', 'SELECT 1 WHERE EXISTS (SELECT pg_sleep(1))', 'calls pg_sleep'],
  [
    'a session ended in a join',
    'SELECT 1 FROM salons CROSS JOIN LATERAL pg_terminate_backend(1)',
    'calls pg_terminate_backend',
  ],
  ['a sequence', "SELECT nextval('s')", 'calls nextval'],
  ['a file', "SELECT pg_read_file('x')", 'calls pg_read_file'],
  ['another kind of statement', 'TRUNCATE salons', 'has a TRUNCATE'],
  ['what is no SQL', 'SELECT FROM WHERE', 'is not SQL: syntax error'],
];

test.each(REFUSED)('%s is refused with a sentence', async (_, sql, fault) => {
  await expect(check(sql)).rejects.toThrow(`the query q ${fault}`);
});

test.each([
  'SELECT count(*) FROM salons',
  "WITH s AS (SELECT id FROM salons) SELECT 'pg_sleep', count(*) FROM s",
  'SELECT 1 UNION ALL SELECT 2',
  'SELECT pg_is_in_recovery(), pg_database_size(current_database())',
])('%s is accepted', async (sql) => {
  await expect(check(sql)).resolves.toBe(undefined);
});
