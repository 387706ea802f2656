import { lintMigrations } from '../../lib/migration-lint/lint';
import type { RuleName } from '../../lib/migration-lint/rules';

/** What earlier files made, and the application uses. */
const BEFORE = `
  CREATE TYPE status AS ENUM ('NEW', 'DONE');
  CREATE TABLE salons (key text PRIMARY KEY, name varchar(100), price numeric(8,2), at timestamp(3));
  CREATE TABLE bookings (id text PRIMARY KEY, salon_id text, state status, notes varchar(50), code text UNIQUE);
  CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day);
  CREATE TABLE events_old (id bigint, day date);
  CREATE VIEW open_bookings AS SELECT * FROM bookings;
  CREATE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE SCHEMA tenant;`;

/** Statements that block or break the running application, or cannot run, by the rule that says so. */
const HARMFUL: Partial<Record<RuleName, string[]>> = {
  rename: [
    "ALTER TYPE status RENAME VALUE 'NEW' TO 'OPEN';",
    'ALTER TYPE status RENAME TO state;',
    'ALTER TYPE public.status SET SCHEMA tenant;',
    'ALTER TABLE bookings SET SCHEMA tenant;',
    'ALTER VIEW open_bookings SET SCHEMA tenant;',
    'ALTER FUNCTION total() SET SCHEMA tenant;',
    'ALTER TABLE bookings RENAME TO appointments;',
    'ALTER TABLE bookings RENAME notes TO remarks;',
    'ALTER VIEW open_bookings RENAME TO opened;',
    'ALTER SCHEMA tenant RENAME TO tenants;',
    'CREATE TABLE tenant.bookings (id text); ALTER TABLE bookings RENAME TO old_bookings;',
    'CREATE TYPE tenant.status AS ENUM (); ALTER TYPE status RENAME TO state;',
  ],
  partition: [
    "ALTER TABLE events ATTACH PARTITION events_old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');",
    'CREATE TABLE all_events (id bigint, day date) PARTITION BY RANGE (day); ALTER TABLE all_events ATTACH PARTITION events_old DEFAULT;',
    'ALTER TABLE events DETACH PARTITION events_old;',
  ],
  'concurrent-not-alone': [
    'SELECT 1; ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY;',
    'CREATE INDEX CONCURRENTLY i ON bookings (notes); CREATE INDEX CONCURRENTLY j ON bookings (notes);',
    'VACUUM bookings; SELECT 1;',
  ],
  'index-not-concurrent': [
    'CREATE TABLE tenant.bookings (id text); CREATE INDEX i ON bookings (notes);',
    'CREATE TABLE tenant.bookings (id text); CREATE INDEX i ON public.bookings (notes);',
    'SET search_path = tenant; CREATE TABLE bookings (id text); SET search_path = public; CREATE INDEX i ON bookings (notes);',
    'CREATE TABLE IF NOT EXISTS bookings (id text); CREATE INDEX i ON bookings (notes);',
    'CREATE TEMP TABLE bookings (id text); CREATE INDEX i ON public.bookings (notes);',
  ],
  'column-type': [
    'CREATE TABLE IF NOT EXISTS bookings (id text); ALTER TABLE bookings ALTER notes TYPE int USING 1;',
    'ALTER TABLE bookings ALTER notes TYPE varchar(49);',
    'ALTER TABLE bookings ALTER notes TYPE varchar(60) USING lower(notes);',
    'ALTER TABLE bookings ALTER notes TYPE int USING 1;',
    'ALTER TABLE salons ALTER price TYPE numeric(10,3);',
    'ALTER TABLE bookings ALTER code TYPE varchar(99);',
    'ALTER TABLE salons ALTER name TYPE char(200);',
  ],
  'drop-index-not-concurrent': ['DROP INDEX i;'],
  'whole-table': [
    'UPDATE bookings SET notes = NULL WHERE notes IS NOT NULL;',
    "UPDATE bookings SET state = 'DONE' WHERE state = 'NEW';",
    "UPDATE bookings SET notes = '' WHERE id = 'a' OR true;",
    'UPDATE bookings SET notes = s.name FROM salons s WHERE s.key = salon_id;',
    "UPDATE bookings SET notes = '' WHERE id <> 'a';",
    "DELETE FROM bookings WHERE state = 'DONE';",
    'DELETE FROM bookings USING salons WHERE salon_id = key;',
    'DELETE FROM bookings WHERE id IN (SELECT id FROM bookings);',
    'INSERT INTO salons (key) SELECT DISTINCT salon_id FROM bookings;',
    'INSERT INTO salons (key) SELECT salon_id FROM bookings WHERE notes IS NULL;',
    'INSERT INTO salons (key) (SELECT salon_id FROM bookings UNION SELECT id FROM bookings);',
    'INSERT INTO salons (key) SELECT x.k FROM (SELECT salon_id AS k FROM bookings) x;',
    'WITH moved AS (DELETE FROM bookings RETURNING id) INSERT INTO salons (key) SELECT id FROM moved;',
    'WITH moved AS (DELETE FROM bookings RETURNING id) SELECT count(*) FROM moved;',
    'WITH all_of AS (SELECT salon_id FROM bookings) INSERT INTO salons (key) SELECT salon_id FROM all_of;',
    'MERGE INTO bookings b USING salons s ON s.key = b.salon_id WHEN MATCHED THEN DELETE;',
  ],
  drop: [
    'TRUNCATE salons, bookings;',
    'DROP OWNED BY app_user;',
    'DROP VIEW open_bookings;',
    'CREATE TABLE tenant.bookings (); DROP TABLE bookings;',
  ],
  access: [
    'ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;',
    'ALTER TABLE bookings FORCE ROW LEVEL SECURITY;',
    'CREATE POLICY p ON bookings AS RESTRICTIVE USING (false);',
    'DROP POLICY p ON bookings;',
    'REVOKE SELECT ON bookings FROM app_user;',
    'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app_user;',
    'REVOKE USAGE ON SCHEMA public FROM PUBLIC;',
    'REVOKE EXECUTE ON FUNCTION total() FROM app_user;',
    'REVOKE app_user FROM worker;',
    'ALTER ROLE app_user NOLOGIN;',
    'DROP ROLE app_user;',
  ],
  'new-enum-value': [
    "ALTER TYPE status ADD VALUE 'LATE'; ALTER TABLE bookings ALTER state SET DEFAULT 'LATE';",
    "ALTER TYPE status ADD VALUE IF NOT EXISTS 'LATE'; UPDATE bookings SET state = 'LATE' WHERE id = 'a';",
  ],
  'several-tables': [
    'ALTER TABLE bookings RENAME CONSTRAINT a TO b; ALTER TABLE salons RENAME CONSTRAINT c TO d;',
    'CREATE TRIGGER t AFTER INSERT ON bookings EXECUTE FUNCTION f(); CREATE TRIGGER t AFTER INSERT ON salons EXECUTE FUNCTION f();',
    'CREATE POLICY p ON bookings USING (true); CREATE POLICY p ON salons USING (true);',
    'ALTER TABLE bookings RENAME TO old; ALTER TABLE salons RENAME TO places;',
  ],
  'transaction-control': ['CREATE TABLE t (); ROLLBACK;', 'BEGIN; CREATE TABLE t (); COMMIT;'],
  'semicolon-in-comment': ['-- Two halves; the second is no SQL.\nSELECT 1;'],
};
const ALL_HARMFUL = Object.entries(HARMFUL).flatMap(([rule, list]) => list.map((sql) => [rule, sql] as const));

/** Statements that lock for a moment at most, and do not disturb the running application. */
const HARMLESS = [
  'ALTER TABLE bookings ALTER notes TYPE varchar(60);',
  'ALTER TABLE bookings ALTER notes TYPE varchar;',
  'ALTER TABLE bookings ALTER COLUMN notes SET DATA TYPE text;',
  'ALTER TABLE bookings ALTER code TYPE varchar;',
  'ALTER TABLE salons ALTER price TYPE numeric(12,2);',
  'ALTER TABLE salons ALTER at TYPE timestamp(6);',
  'CREATE TABLE t (a int); ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME TO u; CREATE INDEX i ON u (b);',
  'ALTER TABLE bookings ADD COLUMN c int; ALTER TABLE bookings RENAME c TO d; ALTER TABLE bookings DROP COLUMN d;',
  "CREATE TYPE t AS ENUM ('a'); ALTER TYPE t RENAME VALUE 'a' TO 'b'; ALTER TYPE t RENAME TO u;",
  "CREATE TYPE t AS ENUM ('a'); ALTER TYPE t ADD VALUE 'b'; CREATE TABLE u (c t DEFAULT 'b');",
  'CREATE TABLE t (id int); DROP TABLE t;',
  'CREATE TABLE t (id int); ALTER TABLE t SET SCHEMA tenant; CREATE INDEX i ON tenant.t (id);',
  'CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; REVOKE ALL ON t FROM PUBLIC;',
  'CREATE TABLE tenant.bookings (id text); CREATE INDEX i ON tenant.bookings (id);',
  'SET search_path = tenant; CREATE TABLE bookings (id text); CREATE INDEX i ON bookings (id);',
  'CREATE TEMP TABLE bookings (id text); CREATE INDEX i ON bookings (id); UPDATE bookings SET id = NULL;',
  'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1; SELECT 2$$; REVOKE ALL ON FUNCTION f() FROM PUBLIC;',
  'CREATE ROLE reader; GRANT SELECT ON bookings TO reader; REVOKE SELECT ON bookings FROM reader;',
  'GRANT SELECT ON bookings TO app_user;',
  'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;',
  "UPDATE bookings SET notes = '' WHERE id = 'a' AND notes IS NULL;",
  "UPDATE salons SET name = '' WHERE key IN ('a', 'b');",
  "DELETE FROM bookings WHERE bookings.code = 'x'::text;",
  'DELETE FROM bookings WHERE id IN (SELECT id FROM bookings LIMIT 100);',
  "INSERT INTO salons (key) VALUES ('a'), ('b') ON CONFLICT DO NOTHING;",
  'INSERT INTO salons (key) SELECT g::text FROM generate_series(1, 3) AS g;',
  "INSERT INTO salons (key) SELECT salon_id FROM bookings WHERE id = 'a';",
  "WITH new (key) AS (VALUES ('a')) INSERT INTO salons (key) SELECT key FROM new;",
  'CREATE TABLE t (id text); INSERT INTO t SELECT id FROM bookings;',
  "ALTER TYPE status ADD VALUE 'LATE';",
  "CREATE TABLE events_2030 (LIKE events); ALTER TABLE events ATTACH PARTITION events_2030 FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');",
  'ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY;',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY v; SELECT 1;',
  'CREATE OR REPLACE VIEW open_bookings AS SELECT * FROM bookings;',
  'CREATE POLICY p ON bookings USING (true);',
  '-- Not built concurrently, because nobody uses the table yet\nCREATE TABLE t (); COMMENT ON TABLE t IS $$a; b$$;',
  'ALTER INDEX i RENAME TO j; ALTER TABLE bookings RENAME CONSTRAINT a TO b;',
  // The parser does not know that this literal is no value of the enum.
  "ALTER TYPE status ADD VALUE 'LATE'; COMMENT ON TYPE status IS 'LATE'; SELECT 'LATE';",
];

async function rulesOf(sql: string): Promise<string[]> {
  const files = [BEFORE, sql].map((text, i) => ({ name: `${i}_file`, sql: text, checksum: '' }));
  const findings = await lintMigrations(files);
  expect(findings.filter(({ migration }) => migration === '0_file')).toEqual([]);
  expect(findings.map(({ rule }) => rule)).not.toContain('not-sql');
  return findings.map(({ rule }) => rule);
}

test('the set is large enough, and each statement is in it once', () => {
  const all = [...ALL_HARMFUL.map(([, sql]) => sql), ...HARMLESS];
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(100);
});

test('no harmful statement is missed', async () => {
  const missed = [];
  for (const [rule, sql] of ALL_HARMFUL) if (!(await rulesOf(sql)).includes(rule)) missed.push([rule, sql]);
  expect(missed).toEqual([]);
});

test('one finding at most is false', async () => {
  const wrong = [];
  for (const sql of HARMLESS) {
    const rules = await rulesOf(sql);
    if (rules.length > 0) wrong.push([sql, rules]);
  }
  expect(wrong).toEqual([[HARMLESS.at(-1), ['new-enum-value']]]);
});

describe('in at most 5 s', () => {
  test.each([
    ['5,000 statements', 'ALTER TABLE bookings ADD COLUMN c int;\n'.repeat(5000)],
    [
      '5,000 checks that a column is not NULL',
      Array.from(
        { length: 5000 },
        (_, i) =>
          `CREATE TABLE t${i} (); ALTER TABLE t${i} ADD CONSTRAINT c CHECK (a IS NOT NULL), ALTER a SET NOT NULL;`,
      ).join('\n'),
    ],
    ['5 MB of rows in statements', `INSERT INTO bookings (id) VALUES ('${'a'.repeat(200)}');\n`.repeat(21_000)],
    [
      '5 MB of rows in one statement',
      `INSERT INTO bookings (id) VALUES ${Array(24_000)
        .fill(`('${'a'.repeat(200)}')`)
        .join(',\n')};`,
    ],
    ['5 MB of comments with semicolons', `-- ${'a'.repeat(40)};\n`.repeat(110_000) + 'SELECT 1;'],
    ['5 MB of signs', ';'.repeat(5_000_000)],
    ['5 MB in one line', 'SELECT 1; /* ; */ '.repeat(1000) + `SELECT '${'a '.repeat(2_500_000)}';`],
  ])(
    '%s',
    async (_, sql) => {
      const started = performance.now();
      await lintMigrations([{ name: '0_large', sql, checksum: '' }]);
      expect(performance.now() - started).toBeLessThan(5000);
    },
    60_000,
  );
});
