import { APP_USER, DATABASE_ROLES, ROLE_MEMBERSHIPS } from '../../../lib/contract/roles';
import { OWN_TABLES } from '../../../lib/contract/tables';

/** Tables of the application: those of schema public with a created_at, by which a restored database is compared. */
export const COMPARED_TABLES = `
  SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'created_at'
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND has_column_privilege(c.oid, a.attnum, 'SELECT')
   ORDER BY 1`;

/** Indexes that are not used, and do not keep values unique. */
export const INVALID_INDEXES = `
  SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   WHERE NOT i.indisvalid AND c.relnamespace = 'public'::regnamespace ORDER BY 1`;

/** Foreign keys and checks that PostgreSQL has not tested on the rows that were there before. */
export const UNVALIDATED_CONSTRAINTS = `
  SELECT conname AS name FROM pg_constraint
   WHERE NOT convalidated AND connamespace = 'public'::regnamespace ORDER BY 1`;

/** Foreign keys of one column; the schema has no others. */
export const FOREIGN_KEYS = `
  SELECT k.conname AS name, k.conrelid::regclass::text AS child, k.confrelid::regclass::text AS parent,
         quote_ident(child.attname) AS "childColumn", quote_ident(parent.attname) AS "parentColumn"
    FROM pg_constraint k
    JOIN pg_attribute child ON child.attrelid = k.conrelid AND child.attnum = k.conkey[1]
    JOIN pg_attribute parent ON parent.attrelid = k.confrelid AND parent.attnum = k.confkey[1]
   WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND k.connamespace = 'public'::regnamespace ORDER BY 1`;

/** What app_user needs and may not. */
export const MISSING_APPLICATION_RIGHTS = `
  SELECT 'log in' AS name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_USER}' AND rolcanlogin)
   UNION ALL
  SELECT wanted || ' on ' || tables.name
    FROM (${COMPARED_TABLES}) tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) wanted
   WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_USER}')
     AND NOT has_table_privilege('${APP_USER}', 'public.' || quote_ident(tables.name), wanted)`;

/**
 * Rights that no version of the migrations gives: attributes and memberships of the roles; CREATE in the schema; for app_user more than rows
 * of the application's tables; for the others any change of those. Roles that do not exist yet are left out.
 */
export const EXCESS_RIGHTS = `
  WITH roles AS (SELECT * FROM pg_roles WHERE rolname IN (${texts(DATABASE_ROLES)})),
       tables AS (
         SELECT c.oid, relname AS name, relname IN (${texts([...OWN_TABLES, '_prisma_migrations'])}) AS own,
                EXISTS (SELECT FROM (${COMPARED_TABLES}) compared WHERE compared.name = relname) AS of_application
           FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p'))
  SELECT rolname || attribute AS name
    FROM roles, LATERAL (VALUES
           (rolsuper, ' is a superuser'), (rolcreatedb, ' may create databases'), (rolcreaterole, ' may create roles'),
           (rolreplication, ' may replicate'), (rolbypassrls, ' passes row security')) AS attributes (has, attribute)
   WHERE has
   UNION ALL
  SELECT rolname || ' is a member of ' || roleid::regrole
    FROM roles JOIN pg_auth_members ON member = roles.oid
   WHERE (rolname || ' ' || roleid::regrole) NOT IN (${texts(
     Object.entries(ROLE_MEMBERSHIPS).flatMap(([role, groups]) => groups.map((group) => `${role} ${group}`)),
   )})
   UNION ALL
  SELECT rolname || ' may CREATE in public' FROM roles WHERE NOT rolsuper AND has_schema_privilege(oid, 'public', 'CREATE')
   UNION ALL
  SELECT rolname || ' may ' || wanted || ' ' || tables.name
    FROM roles, tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) wanted
   WHERE NOT rolsuper
     AND CASE WHEN rolname = '${APP_USER}' THEN own OR wanted IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
              ELSE of_application AND wanted <> 'SELECT' END
     AND CASE WHEN wanted IN ('DELETE', 'TRUNCATE', 'TRIGGER') THEN has_table_privilege(roles.oid, tables.oid, wanted)
              ELSE has_any_column_privilege(roles.oid, tables.oid, wanted) END
   ORDER BY 1`;

/** A list of constants of this project, as SQL. */
function texts(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}
