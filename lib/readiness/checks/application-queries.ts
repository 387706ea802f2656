import { DatabaseError } from 'pg';
import { PATTERNS, type Pattern } from '../../benchmark/patterns';
import { check, type Finding, listed, noneOf, notApplicable, WEIGHTS } from '../check';
import type { Database } from '../database';

/** From here on a query that reads the whole table is slow, whatever indexes there are. */
const LARGE_ROWS = 10_000;
const HOUR_MS = 3_600_000;

/** A query of the application: its table, and the columns that it compares with one value. */
interface Lookup {
  readonly name: string;
  readonly sql: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** The look-ups of the application, read from the statements that the benchmark measures. */
const LOOKUPS: readonly Lookup[] = PATTERNS.map(lookupOf);

function lookupOf({ name, sql }: Pick<Pattern, 'name' | 'sql'>): Lookup {
  const table = /\bFROM (\w+) WHERE\b/.exec(sql)?.[1];
  if (table === undefined) throw new Error(`the table of "${name}" is not found in its statement`);
  return { name, sql, table, columns: [...sql.matchAll(/\b(\w+) = (?:\$\d|')/g)].map(([, column = '']) => column) };
}

/** What a database has for a look-up. */
interface SeenLookup {
  readonly lookup: Lookup;
  /** Rows of the table, as the planner estimates them. */
  readonly rows: number;
  /** The first column of every valid index for all rows. */
  readonly leading: readonly string[];
  /** Whether the planner reads the whole table. */
  readonly readsAll: boolean;
}

interface Table extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly leading: readonly string[];
}

/**
 * The tables of the application in the schema that has most of them. Only ordinary tables whose indexes, compared columns and operators
 * use no function of a user: planning evaluates such functions, and nobody's code may run with the rights of this session.
 */
const TABLES = `
  WITH found AS (
    SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, greatest(c.reltuples, 0)::float8 AS rows,
           count(*) OVER (PARTITION BY n.oid) AS tables
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND c.relname = ANY ($1) AND has_table_privilege(c.oid, 'SELECT') AND NOT c.relrowsecurity
       AND NOT EXISTS (SELECT FROM pg_operator AS o WHERE o.oprnamespace = n.oid
                          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_operator'::regclass AND objid = o.oid AND deptype = 'e'))
       AND NOT EXISTS (SELECT FROM pg_index AS i JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                        WHERE i.indrelid = c.oid AND d.refclassid = 'pg_proc'::regclass))
  SELECT schema, name, rows,
         ARRAY(SELECT a.attname::text FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                WHERE a.attrelid = found.oid AND a.attnum > 0 AND (t.typnamespace = 'pg_catalog'::regnamespace OR t.typtype = 'e')) AS columns,
         ARRAY(SELECT a.attname::text FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                WHERE i.indrelid = found.oid AND i.indisvalid AND i.indpred IS NULL) AS leading
    FROM found WHERE (tables, schema) = (SELECT tables, schema FROM found ORDER BY tables DESC, schema LIMIT 1)`;

async function read(database: Database): Promise<SeenLookup[]> {
  const tables = await database.rows<Table>(TABLES, [[...new Set(LOOKUPS.map(({ table }) => table))]]);
  const seen: SeenLookup[] = [];
  for (const lookup of LOOKUPS) {
    const table = tables.find(({ name }) => name === lookup.table);
    if (!table || lookup.columns.some((column) => !table.columns.includes(column))) continue;
    const readsAll = await planReadsAll(database, lookup, table);
    if (readsAll !== undefined) seen.push({ lookup, rows: table.rows, leading: table.leading, readsAll });
  }
  return seen;
}

/** Plans a look-up, without running it. Undefined where it cannot be planned: then the table only has the name of the application's. */
async function planReadsAll({ rows, now }: Database, { sql }: Lookup, { schema }: Table): Promise<boolean | undefined> {
  // pg_catalog first: otherwise an operator of the schema could take the place of PostgreSQL's.
  await rows("SELECT set_config('search_path', 'pg_catalog, ' || quote_ident($1) || ', pg_temp', true)", [schema]);
  await rows('SAVEPOINT planning');
  try {
    return JSON.stringify(await rows(`EXPLAIN (FORMAT JSON) ${sql}`, valuesOf(sql, now))).includes('"Seq Scan"');
  } catch (error) {
    if (!(error instanceof DatabaseError && /^(22|42)/.test(error.code ?? ''))) throw error;
    await rows('ROLLBACK TO SAVEPOINT planning');
    return undefined;
  }
}

/** Values for the parameters of a look-up: hours from now on for times, otherwise a key that no row has. */
function valuesOf(sql: string, now: Date): string[] {
  const count = Math.max(...[...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  return Array.from({ length: count }, (_, i) =>
    sql.includes(`$${i + 1}::timestamp`) ? new Date(now.getTime() + i * HOUR_MS).toISOString() : 'no such key',
  );
}

/** Judges whether each look-up finds an index. */
function decideLookups(seen: readonly SeenLookup[]): Finding {
  if (seen.length === 0) return notApplicable('this database has none of the tables of the WhatsApp SaaS Starter');
  const missing = seen.filter(
    ({ lookup, rows, leading, readsAll }) =>
      !lookup.columns.some((column) => leading.includes(column)) || (readsAll && rows >= LARGE_ROWS),
  );
  return noneOf(
    missing.length === 0
      ? []
      : [
          `${missing.length} of ${seen.length} queries read a whole table: ${listed(missing.map(({ lookup }) => lookup.name))}`,
        ],
    `each of ${seen.length} queries has an index`,
  );
}

/** The queries that the owner's "10x on common queries" is about. */
export const APPLICATION_QUERY_CHECKS = [
  check({
    name: 'the queries of the application have indexes',
    area: 'indexes',
    weight: WEIGHTS.outage,
    question: 'Does each query of the WhatsApp SaaS Starter find its rows by an index?',
    action: 'run the migrations of this project, which build the indexes without blocking writes',
    read,
    decide: decideLookups,
  }),
];
