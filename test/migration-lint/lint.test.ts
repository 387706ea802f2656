import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '../../lib/contract/migrations';
import { describeFinding, lintMigrations } from '../../lib/migration-lint/lint';
import { type RuleName, RULES } from '../../lib/migration-lint/rules';

const ROOT = join(__dirname, '../..');

/** The rules that the last of these files breaks. */
async function broken(...files: string[]): Promise<string[]> {
  const migrations = files.map((sql, i) => ({ name: `2026010100000${i}_file`, sql, checksum: '' }));
  const findings = await lintMigrations(migrations);
  return findings.filter(({ migration }) => migration === migrations.at(-1)?.name).map(({ rule }) => rule);
}

test('the project’s migrations break no rule', async () => {
  expect((await lintMigrations(readMigrations(join(ROOT, 'lambda/migrations')))).map(describeFinding)).toEqual([]);
});

const REFUSED: [RuleName, string][] = [
  ['secret', "CREATE ROLE r LOGIN PASSWORD 'abc';"],
  ['secret', "ALTER USER app_user WITH PASSWORD 'abc';"],
  ['secret', "DO $$ BEGIN EXECUTE 'ALTER ROLE r PASSWORD ''abc'''; END $$;"],
  ['secret', `DO $$ BEGIN ALTER ROLE r PASSWORD 'abc'; END $$;`],
  ['secret', "INSERT INTO salons (access_token) VALUES ('EAAGm0PX4ZCpsBAKZCexample');"],
  ['secret', "CREATE SUBSCRIPTION s CONNECTION 'host=h password=abc' PUBLICATION p;"],
  ['secret', "CREATE USER MAPPING FOR app_user SERVER s OPTIONS (user 'u', url 'postgres://u:abc@h/d');"],
  ['not-sql', 'CREATE TABEL t ();'],
  ['semicolon-in-comment', 'SELECT 1; -- one; two'],
  ['semicolon-in-comment', '/* a /* b */ c; */ SELECT 1;'],
  ['semicolon-in-comment', "SELECT 'it''s', E'\\'', $a$ ' $a$; -- one; two"],
  ['semicolon-in-comment', "SELECT grö$a$ FROM t -- one; two\n WHERE grö$a$ = ''"],
  ['transaction-control', 'COMMIT;'],
  ['index-not-concurrent', 'CREATE INDEX i ON bookings (notes);'],
  ['index-not-concurrent', 'CREATE UNIQUE INDEX i ON public.bookings USING btree (notes);'],
  ['concurrent-not-alone', 'CREATE INDEX CONCURRENTLY i ON bookings (notes); SELECT 1;'],
  ['concurrent-not-alone', 'SELECT 1; DROP INDEX CONCURRENTLY i;'],
  ['drop-index-not-concurrent', 'DROP INDEX i;'],
  ['volatile-default', 'ALTER TABLE bookings ADD COLUMN c uuid DEFAULT gen_random_uuid();'],
  ['volatile-default', 'ALTER TABLE bookings ADD c timestamp DEFAULT coalesce(clock_timestamp(), now());'],
  ['rewritten-column', 'ALTER TABLE bookings ADD COLUMN c bigserial;'],
  ['rewritten-column', 'ALTER TABLE bookings ADD COLUMN c int GENERATED ALWAYS AS IDENTITY;'],
  ['rewritten-column', 'ALTER TABLE bookings ADD COLUMN c text GENERATED ALWAYS AS (notes || $$x$$) STORED;'],
  ['column-not-null', 'ALTER TABLE bookings ADD COLUMN c int NOT NULL;'],
  ['set-not-null', 'ALTER TABLE bookings ALTER COLUMN notes SET NOT NULL;'],
  ['column-type', 'ALTER TABLE bookings ALTER COLUMN notes TYPE varchar(9);'],
  ['constraint-not-valid', 'ALTER TABLE bookings ADD CONSTRAINT c FOREIGN KEY (salon_id) REFERENCES salons;'],
  ['constraint-not-valid', 'ALTER TABLE bookings ADD CONSTRAINT c CHECK (end_ts > start_ts);'],
  ['constraint-not-valid', 'ALTER TABLE bookings ADD COLUMN c text REFERENCES salons;'],
  [
    'validated-at-once',
    'ALTER TABLE bookings ADD CONSTRAINT c CHECK (true) NOT VALID; ALTER TABLE bookings VALIDATE CONSTRAINT c;',
  ],
  ['constraint-builds-index', 'ALTER TABLE bookings ADD CONSTRAINT c UNIQUE (notes);'],
  ['constraint-builds-index', 'ALTER TABLE bookings ADD PRIMARY KEY (notes);'],
  ['constraint-builds-index', 'ALTER TABLE bookings ADD COLUMN c int UNIQUE;'],
  ['constraint-builds-index', 'ALTER TABLE bookings ADD EXCLUDE USING gist (tsrange(start_ts, end_ts) WITH &&);'],
  ['several-tables', 'ALTER TABLE bookings ADD COLUMN c int; ALTER TABLE salons ADD COLUMN c int;'],
  ['drop', 'DROP TABLE bookings;'],
  ['drop', 'DROP TYPE "BookingStatus";'],
  ['drop', 'ALTER TABLE bookings DROP COLUMN notes;'],
  ['drop', 'TRUNCATE bookings;'],
  ['rename', 'ALTER TABLE bookings RENAME TO appointments;'],
  ['rename', 'ALTER TABLE bookings RENAME COLUMN notes TO remarks;'],
  ['semicolon-in-comment', '/* One; */ SELECT 1;'],
  ['new-enum-value', "ALTER TYPE t ADD VALUE 'a'; SELECT 'a'::t;"],
  ['access', 'REVOKE SELECT ON bookings FROM app_user;'],
  ['partition', 'ALTER TABLE bookings DETACH PARTITION old;'],
  ['whole-table', 'UPDATE bookings SET notes = NULL;'],
  ['whole-table', 'DELETE FROM bookings;'],
  ['whole-table', 'LOCK TABLE bookings;'],
  ['whole-table', 'VACUUM FULL bookings;'],
  ['whole-table', 'CLUSTER bookings;'],
  ['whole-table', 'REINDEX TABLE bookings;'],
  ['whole-table', 'ALTER TABLE bookings SET UNLOGGED;'],
];
test.each(REFUSED)('%s refuses: %s', async (rule, sql) => {
  expect(await broken(sql)).toEqual([rule]);
});
test('a semicolon that is not in a comment is none of the lint’s business', async () => {
  const sql = `SELECT '-- a;', "-- b;", $$ -- c;
    $$, E'\\' -- d;' AS "/* e;" /* f */; -- g`;
  expect(await broken(sql)).toEqual([]);
});
test('a comment with a semicolon is named with its line', async () => {
  const [finding] = await lintMigrations([{ name: 'm', sql: 'SELECT 1;\n/* two\n   three; */\n', checksum: '' }]);
  expect(finding).toMatchObject({ line: 3, statement: 'three; */' });
});
test('every rule is tested', () => {
  expect(new Set(REFUSED.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
});

test.each([
  'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON bookings (notes);',
  'DROP INDEX CONCURRENTLY IF EXISTS i;',
  'REINDEX INDEX CONCURRENTLY i;',
  "ALTER TABLE bookings ADD COLUMN c text NOT NULL DEFAULT 'none';",
  'ALTER TABLE bookings ADD COLUMN c timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP;',
  "ALTER TABLE bookings ADD COLUMN c timestamp DEFAULT timezone('utc', now());",
  'ALTER TABLE bookings ADD CONSTRAINT c CHECK (end_ts > start_ts) NOT VALID;',
  'ALTER TABLE bookings ADD CONSTRAINT c UNIQUE USING INDEX i;',
  'ALTER TABLE bookings ALTER COLUMN notes DROP NOT NULL;',
  "UPDATE bookings SET notes = NULL WHERE id = 'b';",
  'VACUUM (ANALYZE) bookings;',
  // A table that the file creates: nobody uses it yet.
  'CREATE TABLE t (id int); CREATE INDEX i ON t (id); ALTER TABLE t ALTER COLUMN id TYPE text, ADD UNIQUE (id); UPDATE t SET id = NULL;',
])('lets pass: %s', async (sql) => {
  expect(await broken(sql)).toEqual([]);
});

test('a table of an earlier file is in use', async () => {
  expect(await broken('CREATE TABLE t (id int);', 'CREATE INDEX i ON t (id);')).toEqual(['index-not-concurrent']);
});

test('SET NOT NULL passes once a check of an earlier file is validated, and not before', async () => {
  const add = 'ALTER TABLE bookings ADD CONSTRAINT c CHECK (notes IS NOT NULL) NOT VALID;';
  const validate = 'ALTER TABLE bookings VALIDATE CONSTRAINT c;';
  const set = 'ALTER TABLE bookings ALTER COLUMN notes SET NOT NULL;';
  expect(await broken(add, validate, set)).toEqual([]);
  expect(await broken(add, set)).toEqual(['set-not-null']);
  expect(await broken(add, validate, set.replace('notes', 'service'))).toEqual(['set-not-null']);
  expect(await broken(add, validate, 'ALTER TABLE bookings DROP CONSTRAINT c;', set)).toEqual(['set-not-null']);
});

test('a finding says where, what, why, and what to do instead', async () => {
  const sql = '-- Umlaute: äöü\nSELECT 1;\n\n-- Why.\nCREATE INDEX i\n  ON bookings (notes);\n';
  const [finding] = await lintMigrations([{ name: '20260101000000_index', sql, checksum: '' }]);
  expect(finding && describeFinding(finding)).toBe(
    '20260101000000_index/migration.sql:5 "CREATE INDEX i" (index-not-concurrent): the table takes no write until the index is built; instead: CREATE INDEX CONCURRENTLY IF NOT EXISTS, alone in a file of its own',
  );
});

describe('a file that may break a rule', () => {
  const drop = 'ALTER TABLE bookings DROP COLUMN notes;';

  test('passes with a reason, for that rule only', async () => {
    const allowed = '-- migration-lint allows drop: no version since 1.4 reads it\n';
    expect(await broken(allowed + drop)).toEqual([]);
    expect(await broken(`${allowed}DROP INDEX i;`)).toEqual(['drop-index-not-concurrent']);
  });

  test('is still refused where the line is no comment', async () => {
    const line = '-- migration-lint allows drop: no version since 1.4 reads it';
    expect(await broken(`DO $$ BEGIN\n${line}\nNULL; END $$; ${drop}`)).toEqual(['drop']);
    expect(await broken(`COMMENT ON TABLE bookings IS '\n${line}\n'; ${drop}`)).toEqual(['drop']);
    expect(await broken(`/*\n${line}\n*/ ${drop}`)).toEqual(['drop']);
  });

  test.each([
    '-- migration-lint allows drop:',
    '-- migration-lint allows drop',
    '-- migration-lint allows everything: because',
  ])('fails with %s', async (line) => {
    await expect(broken(`${line}\n${drop}`)).rejects.toThrow(
      `20260101000000_file/migration.sql has "${line}"; allowed: -- migration-lint allows <rule>: <reason>`,
    );
  });
});

test('the command prints the findings and fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  mkdirSync(join(folder, '20260101000000_drop'));
  writeFileSync(join(folder, '20260101000000_drop/migration.sql'), 'DROP TABLE bookings;');
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bin/cli.ts', 'lint:migrations', '--folder', folder],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  rmSync(folder, { recursive: true });
  expect(stdout).toMatch(
    /^20260101000000_drop\/migration.sql:1 "DROP TABLE bookings" \(drop\): .*\n1 migrations, 1 findings\n$/,
  );
  expect(status).toBe(1);
}, 30_000);
