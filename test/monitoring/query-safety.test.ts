import { RunFolder } from '../../lib/local-postgres/run-folder';
import { loadQueries } from '../../lib/monitoring/queries';
import { CHANGING_READING_FUNCTIONS, checkQueries, READING_FUNCTIONS } from '../../lib/monitoring/query-safety';
import { startMigratedCluster } from '../support/database/migrated-cluster';

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

test.each(
  `pg_logical_slot_get_changes pg_export_snapshot txid_current table_to_xml pg_file_write pg_log_backend_memory_contexts random
   lo_from_bytea pg_stat_clear_snapshot ts_stat currval dblink_exec`.split(/\s+/),
)('%s is refused, written plainly, quoted, as a table and with its schema', async (name) => {
  for (const call of [`${name.toUpperCase()}(1)`, `"${name}"(1)`, `1 FROM ${name}(1)`, `pg_catalog.${name}(1)`]) {
    await expect(check(`SELECT ${call}`)).rejects.toThrow(
      `the query q calls ${name}, which is not in READING_FUNCTIONS`,
    );
  }
});

test('a function of another schema is refused, whatever its name', async () => {
  await expect(check('SELECT public.sum(1)')).rejects.toThrow('the query q calls public.sum');
});

test('PostgreSQL has every function of the lists, and calls volatile only those that are said to change', async () => {
  const folder = new RunFolder();
  try {
    const { admin } = await startMigratedCluster(folder);
    const { rows } = await admin.query<{ name: string; changes: boolean }>(
      `SELECT proname AS name, bool_or(provolatile = 'v') AS changes FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY 1`,
    );
    await admin.end();
    const known = new Map(rows.map(({ name, changes }) => [name, changes]));
    expect([...READING_FUNCTIONS].filter((name) => known.get(name) !== false)).toEqual([]);
    expect([...CHANGING_READING_FUNCTIONS].filter((name) => known.get(name) !== true)).toEqual([]);
  } finally {
    folder.dispose();
  }
}, 60_000);
