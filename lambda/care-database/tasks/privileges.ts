import type { Client } from 'pg';
import { DATABASE_ROLES } from '../../../lib/contract/roles';
import expected from '../expected-privileges.json';
import { type Found, lookAt, type Task } from '../task';

/**
 * What each role and PUBLIC may do, a line for each grant: on the schemas, tables, columns, sequences and functions of the database and on the
 * database itself. Not what belongs to an extension, whose grants follow its version, and not copies of recovered tables, which come and go.
 */
const PRIVILEGES = `
  WITH owned AS (
    SELECT 'database' AS kind, 'the database' AS object, datacl AS acl FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'schema', nspname, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    UNION ALL
    SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, oid::regclass::text, relacl FROM pg_class
     WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$|recovery$)'
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
    UNION ALL
    SELECT 'column', attrelid::regclass || '.' || attname, attacl FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE attacl IS NOT NULL AND NOT attisdropped AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$|recovery$)'
    UNION ALL
    SELECT 'function', oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc
     WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema$)'
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
  )
  SELECT coalesce(rolname, 'PUBLIC') || ': ' || privilege_type || ' on ' || kind || ' ' || object AS line
    FROM owned CROSS JOIN LATERAL aclexplode(acl) LEFT JOIN pg_roles ON pg_roles.oid = grantee
   WHERE grantee = 0 OR rolname = ANY ($1) OR (rolname !~ '^(pg_|rds)' AND NOT rolsuper AND rolname <> current_setting('care.owner'))`;

/** The owner of the schema has every right on it: what it grants to itself is no grant to others. */
const OWNER =
  "SELECT set_config('care.owner', (SELECT relowner::regrole::text FROM pg_class WHERE oid = 'public.salons'::regclass), true)";

/** The grants of a database, as lines such as `app_user: SELECT on table public.bookings`. */
export async function readPrivileges(session: Client): Promise<string[]> {
  await session.query('BEGIN');
  try {
    // Names with their schemas, whatever the search path of the session is.
    await session.query('SET LOCAL search_path = pg_catalog');
    await session.query(OWNER);
    const { rows } = await session.query<{ line: string }>(PRIVILEGES, [DATABASE_ROLES]);
    return rows.map(({ line }) => line).sort();
  } finally {
    await session.query('ROLLBACK');
  }
}

/** The grants of the server against those that the migrations make (expected-privileges.json, written by its test with -u). */
export const privileges: Task = {
  title: 'Privileges against the migrations',
  run: async (sessions) => decide(await readPrivileges(await sessions.primary())),
};

/** Names what was granted or revoked by hand. */
export function decide(found: readonly string[], wanted: readonly string[] = expected): Found {
  const [are, should] = [new Set(found), new Set(wanted)];
  return lookAt(
    [
      ...found.filter((line) => !should.has(line)).map((line) => `granted by hand: ${line}`),
      ...wanted.filter((line) => !are.has(line)).map((line) => `taken away by hand: ${line}`),
    ],
    `${found.length} grants, each as the migrations make it`,
  );
}
