import type { Client } from 'pg';
import { readPages } from '../../../lib/runbooks/pages';
import { MigrationServer, MIGRATIONS } from '../../support/database/migration-server';
import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { statementsOf } from '../../support/database/runbook-statements';

const COPY = 'bookings_0123456789ab';

let server: MigrationServer;
let database: string;
/** As the person on call: the master user, a member of rds_superuser. */
let master: Client;
let attacker: Client;

beforeAll(async () => {
  server = await MigrationServer.start();
  ({ database, client: master } = await server.freshDatabase());
  await runMigrations(master, readMigrations(MIGRATIONS));
  await master.query("ALTER ROLE recovery_user PASSWORD 'stolen'");
  await master.query('CREATE TABLE canary (who name)');
}, 60_000);
afterAll(async () => {
  await master?.end();
  await server?.dispose();
});
beforeEach(async () => {
  attacker = await server.login(database, 'recovery_user', 'stolen');
  // The default is the attacker's own to change.
  await attacker.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE');
});
afterEach(async () => {
  await attacker.end();
  await master.query(`DROP TABLE IF EXISTS recovery.${COPY}`);
});

/** Statements of an attacker with the log-in of recovery_user that would make code which a reader runs. */
const PLANTS: [string, string][] = [
  ['a view', 'CREATE VIEW recovery.bookings_v AS SELECT * FROM bookings'],
  ['a view in place of the copy', `DROP TABLE recovery.${COPY}; CREATE VIEW recovery.${COPY} AS SELECT 1`],
  ['a materialized view', 'CREATE MATERIALIZED VIEW recovery.m AS SELECT 1'],
  ['a table', 'CREATE TABLE recovery.t (id int)'],
  ['a table in public', 'CREATE TABLE public.t (id int)'],
  ['a temporary table that hides another', 'CREATE TEMPORARY TABLE bookings (id int)'],
  ['a temporary function', "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
  ['a function', "CREATE FUNCTION recovery.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
  ['a function in public', "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
  [
    'another body of a function',
    "CREATE OR REPLACE FUNCTION recovery.require_copy(copy TEXT) RETURNS VOID LANGUAGE sql AS ''",
  ],
  ['an operator', 'CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.texteq)'],
  ['a type', 'CREATE TYPE recovery.e AS ENUM ()'],
  ['a domain', 'CREATE DOMAIN recovery.d AS text CHECK (VALUE > 1)'],
  ['a cast', 'CREATE CAST (text AS int) WITH INOUT AS IMPLICIT'],
  ['an aggregate', 'CREATE AGGREGATE recovery.a (int) (SFUNC = int4pl, STYPE = int)'],
  ['a schema', 'CREATE SCHEMA database_admin'],
  [
    'a trigger',
    `CREATE TRIGGER t AFTER INSERT ON recovery.${COPY} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  ],
  ['a rule', `CREATE RULE r AS ON INSERT TO recovery.${COPY} DO ALSO SELECT 1`],
  ['a SELECT rule', `CREATE RULE "_RETURN" AS ON SELECT TO recovery.${COPY} DO INSTEAD SELECT 1`],
  ['a policy', `CREATE POLICY p ON recovery.${COPY} USING (true)`],
  ['row security', `ALTER TABLE recovery.${COPY} ENABLE ROW LEVEL SECURITY`],
  ['a default', `ALTER TABLE recovery.${COPY} ALTER id SET DEFAULT current_user`],
  ['a generated column', `ALTER TABLE recovery.${COPY} ADD g text GENERATED ALWAYS AS (id) STORED`],
  ['an index on an expression', `CREATE INDEX i ON recovery.${COPY} (lower(id))`],
  ['a check', `ALTER TABLE recovery.${COPY} ADD CHECK (id <> '')`],
  ['a child table', `CREATE TABLE recovery.child () INHERITS (recovery.${COPY})`],
  ['a foreign key', `ALTER TABLE recovery.${COPY} ADD REFERENCES salons (id)`],
  [
    'an event trigger',
    'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION pg_catalog.pg_event_trigger_ddl_commands()',
  ],
  ['a publication', 'CREATE PUBLICATION p'],
  ['an extension', 'CREATE EXTENSION pg_stat_statements SCHEMA recovery'],
  ['another name', `ALTER TABLE recovery.${COPY} RENAME TO salons_0123456789ab`],
  ['another owner', `ALTER TABLE recovery.${COPY} OWNER TO recovery_user`],
  ['a comment, by which copies are kept', `COMMENT ON TABLE recovery.${COPY} IS 'recovered for a person to use; '`],
  ['rights of the master', 'GRANT rds_superuser TO recovery_user'],
  ['a setting of the master', "ALTER ROLE database_admin SET search_path TO 'recovery'"],
  ['a setting of the database', `ALTER DATABASE whatsapp_saas SET search_path TO 'recovery'`],
];

/** Arguments of create_copy that would be more than a table. */
const ARGUMENTS: [string, unknown[]][] = [
  ['a name with another schema', ['public.bookings', ['a'], ['text'], [false]]],
  ['a name without the digits', ['bookings', ['a'], ['text'], [false]]],
  ['a default after the type', [COPY, ['a'], ['text DEFAULT current_user'], [false]]],
  ['a statement after the type', [COPY, ['a'], ['text); DROP TABLE salons; --'], [false]]],
  // The comment hides the quote of the next name, whose second line would be SQL.
  [
    'a comment after the type',
    [COPY, ['a', 'x\n, b text DEFAULT current_user)--'], ['text --', 'text'], [false, false]],
  ],
  ['a domain', [COPY, ['a'], ['information_schema.sql_identifier'], [false]]],
  ['a row type', [COPY, ['a'], ['public.salons'], [false]]],
  ['a pseudo-type', [COPY, ['a'], ['record'], [false]]],
  ['a type that does not exist', [COPY, ['a'], ['nothing'], [false]]],
  ['fewer types than names', [COPY, ['a', 'b'], ['text'], [false]]],
  ['null', [null, null, null, null]],
];
const CREATE = 'SELECT recovery.create_copy($1, $2, $3, $4)';

describe('recovery_user cannot make anything that runs when a copy is read', () => {
  beforeEach(() => attacker.query(CREATE, [COPY, ['id'], ['text'], [true]]));

  test.each(PLANTS)('%s', async (_, sql) => {
    await expect(attacker.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^42/) as string });
  });
});

test.each(ARGUMENTS)('create_copy refuses %s', async (_, values) => {
  await expect(attacker.query(CREATE, values)).rejects.toThrow();
  const { rows } = await master.query("SELECT FROM pg_class WHERE relnamespace = 'recovery'::regnamespace");
  expect(rows).toEqual([]);
  await expect(master.query('SELECT FROM salons')).resolves.toBeDefined();
});

test('a name with quotes and line breaks is a name', async () => {
  await attacker.query(CREATE, [
    COPY,
    ['a"b', '); DROP'],
    ['character varying(5)', 'public."BookingStatus"[]'],
    [true, false],
  ]);
  const { rows } = await master.query(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required FROM pg_attribute
      WHERE attrelid = 'recovery.${COPY}'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  expect(rows).toEqual([
    { name: 'a"b', type: 'character varying(5)', required: true },
    { name: '); DROP', type: '"BookingStatus"[]', required: false },
  ]);
});

test('a kept copy is no longer recovery_user’s to change or drop, and there are at most twenty', async () => {
  await attacker.query(CREATE, [COPY, ['id'], ['text'], [true]]);
  await attacker.query('SELECT recovery.keep_copy($1)', [COPY]);
  await expect(attacker.query(`INSERT INTO recovery.${COPY} VALUES ('x')`)).rejects.toMatchObject({ code: '42501' });
  await attacker.query('SELECT recovery.drop_copy($1)', [COPY]);
  await attacker.query('SELECT recovery.require_copy($1)', [COPY]);
  expect((await attacker.query(`${CREATE} AS created`, [COPY, ['id'], ['text'], [true]])).rows).toEqual([
    { created: false },
  ]);
  const names = Array.from({ length: 20 }, (_, i) => `more_${String(i).padStart(12, '0')}`);
  for (const name of names.slice(1)) await attacker.query(CREATE, [name, ['id'], ['text'], [true]]);
  await expect(attacker.query(CREATE, [names[0], ['id'], ['text'], [true]])).rejects.toThrow(
    'there are 20 copies already',
  );
  for (const name of names) await attacker.query('SELECT recovery.drop_copy($1)', [name]);
});

/** What may stand in the schema under the name of a copy, made by somebody who may create there. */
const IMPOSTORS: [string, string][] = [
  ['a view', `CREATE VIEW recovery.${COPY} AS SELECT 1`],
  ['a materialized view', `CREATE MATERIALIZED VIEW recovery.${COPY} AS SELECT 1`],
  ['a partitioned table', `CREATE TABLE recovery.${COPY} (id int) PARTITION BY LIST (id)`],
  ['a child table', `CREATE TABLE recovery.${COPY} () INHERITS (salons)`],
  [
    'a table with a trigger',
    `CREATE TABLE recovery.${COPY} (id int);
    CREATE TRIGGER t BEFORE UPDATE ON recovery.${COPY} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  ],
  [
    'a table with a rule',
    `CREATE TABLE recovery.${COPY} (id int); CREATE RULE r AS ON INSERT TO recovery.${COPY} DO ALSO SELECT 1`,
  ],
  [
    'a table with row security',
    `CREATE TABLE recovery.${COPY} (id int); ALTER TABLE recovery.${COPY} ENABLE ROW LEVEL SECURITY`,
  ],
  ['a table with a policy', `CREATE TABLE recovery.${COPY} (id int); CREATE POLICY p ON recovery.${COPY}`],
  ['a table with a default', `CREATE TABLE recovery.${COPY} (id name DEFAULT current_user)`],
  ['a table with a generated column', `CREATE TABLE recovery.${COPY} (id int, g int GENERATED ALWAYS AS (id) STORED)`],
  ['a table with a check', `CREATE TABLE recovery.${COPY} (id int CHECK (id > 0))`],
  ['a table with an index', `CREATE TABLE recovery.${COPY} (id int); CREATE INDEX ON recovery.${COPY} (abs(id))`],
  [
    'a table of another owner',
    `CREATE TABLE recovery.${COPY} (id int); GRANT recovery_user TO database_admin;
    GRANT CREATE ON SCHEMA recovery TO recovery_user; ALTER TABLE recovery.${COPY} OWNER TO recovery_user;
    REVOKE CREATE ON SCHEMA recovery FROM recovery_user; REVOKE recovery_user FROM database_admin`,
  ],
];

test.each(IMPOSTORS)('the check refuses %s', async (_, sql) => {
  await master.query(sql);
  try {
    await expect(master.query('SELECT recovery.require_copy($1)', [COPY])).rejects.toMatchObject({ code: '42809' });
    await expect(master.query("SELECT recovery.put_back($1, 'bookings')", [COPY])).rejects.toMatchObject({
      code: '42809',
    });
  } finally {
    const superuser = await server.login(database, server.cluster.superuser.user, server.cluster.superuser.password);
    await superuser.query(`DO $$ DECLARE kind "char" := (SELECT relkind FROM pg_class WHERE relname = '${COPY}'); BEGIN
      EXECUTE format('DROP %s recovery.${COPY}', CASE kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END); END $$`);
    await superuser.end();
  }
});

test('a person who follows the runbook reads the copy without rights, puts it back and drops it', async () => {
  await attacker.query(CREATE, [
    COPY,
    ['id', 'name', 'phone_number_id', 'access_token', 'updated_at'],
    ['text', 'text', 'text', 'text', 'timestamp(3) without time zone'],
    [true, true, true, true, true],
  ]);
  await attacker.query(`INSERT INTO recovery.${COPY} VALUES ('s', 'S', '1', 'token', now())`);
  await attacker.query('SELECT recovery.keep_copy($1)', [COPY]);
  const steps = statementsOf('README', readPages().get('README') ?? '').filter(({ sql }) =>
    /recovery\.|ROLE/.test(sql),
  );
  const roles: string[] = [];
  for (const { sql } of steps) {
    await master.query(sql.replace("'bookings'", "'salons'"));
    const { rows } = await master.query<{ role: string }>('SELECT current_user::text AS role');
    roles.push(rows[0]?.role ?? '');
  }
  expect(roles).toEqual([
    'database_admin',
    'copy_reader',
    'copy_reader',
    'database_admin',
    'database_admin',
    'database_admin',
  ]);
  expect((await master.query("SELECT access_token FROM salons WHERE id = 's'")).rows).toEqual([
    { access_token: 'token' },
  ]);
  expect((await master.query('SELECT FROM canary')).rows).toEqual([]);
});

test('the role that reads copies has no other right', async () => {
  const { rows } = await master.query<{ name: string }>(
    `SELECT nspname || '.' || relname AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND has_schema_privilege('copy_reader', n.oid, 'USAGE')
        AND (CASE WHEN relkind = 'S' THEN has_sequence_privilege('copy_reader', pg_class.oid, 'SELECT, USAGE, UPDATE')
                  ELSE has_table_privilege('copy_reader', pg_class.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') END)`,
  );
  expect(rows).toEqual([]);
  const { rows: more } = await master.query(
    `SELECT rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb AS attributes,
            EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS memberships,
            has_database_privilege('copy_reader', current_database(), 'CONNECT, TEMPORARY, CREATE') AS database
       FROM pg_roles WHERE rolname = 'copy_reader'`,
  );
  expect(more).toEqual([{ attributes: false, memberships: false, database: false }]);
});
