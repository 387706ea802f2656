import { check, type Finding, failed, listed, notSeen, noneOf, WEIGHTS } from '../check';
import { type Database, MONITOR, requireSessions } from '../database';

/** A query as pg_stat_statements counts it; its text has $1 for every constant. */
interface CountedQuery {
  readonly id: string;
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
}

interface Counted {
  readonly queries: readonly CountedQuery[];
  readonly installed: boolean;
}

/** Fewer calls say nothing about the application. */
const LEAST_CALLS = 1000;
/** A query that returns fewer rows at a time is no list. */
const LIST_ROWS = 5;
/** How close the look-ups must be to one for each row of a list. */
const TOLERANCE = 0.2;
/** More rows at a time are a table that is loaded into the application. */
const LOADED_ROWS = 10_000;
/** A longer text is no look-up. */
const LONGEST_TEXT = 5000;

/** Reads the view that belongs to the extension, and none of the same name that somebody else made. */
async function read(database: Database): Promise<Counted> {
  requireSessions(database);
  const [view] = await database.rows<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_extension AS e JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
            JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE e.extname = 'pg_stat_statements' AND c.relname = 'pg_stat_statements'`,
  );
  if (!view) return { installed: false, queries: [] };
  const queries = await database.rows<CountedQuery & Record<string, unknown>>(
    `SELECT queryid::text AS id, CASE WHEN length(query) <= ${LONGEST_TEXT} THEN query ELSE '' END AS text, calls::float8 AS calls, rows::float8 AS rows FROM ${view.name}
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query ~* '^[[:space:]]*select[[:space:]]'
      ORDER BY calls DESC LIMIT 1000`,
  );
  return { installed: true, queries };
}

/** One table by one column, as a look-up by a key, also with what Prisma adds: `WHERE (column = $1 AND $2=$3) LIMIT $4 OFFSET $5`. */
const LOOK_UP =
  /\bfrom\s+([^\s,()]+)(?:\s+(?:as\s+)?\w+)?\s+where\s+\(?\s*[^\s,()]+\s*=\s*\$\d+\s*(?:and\s+[$\d]+\s*=\s*[$\d]+\s*)*\)?\s*(?:order\s+by\s+[^()]+?)?\s*(?:limit\s+\S+)?\s*(?:offset\s+\S+)?\s*;?\s*$/i;

/** The table that a query looks rows up in by one key, without quotes and schema; undefined: it does something else. */
function lookedUpTable(text: string): string | undefined {
  if (text.match(/\bfrom\b/gi)?.length !== 1) return undefined;
  return LOOK_UP.exec(text)?.[1]?.split('.').at(-1)?.replaceAll('"', '');
}

/** The look-ups that run about once for each row of another query: the N+1 pattern. */
function repeatedLookUps(queries: readonly CountedQuery[]): { readonly table: string; readonly query: CountedQuery }[] {
  const lists = queries.filter(({ calls, rows }) => calls > 0 && rows / calls >= LIST_ROWS);
  return queries.flatMap((query) => {
    const table = lookedUpTable(query.text);
    if (table === undefined || query.calls < LEAST_CALLS) return [];
    const isRepeated = lists.some((list) => list.id !== query.id && Math.abs(query.calls / list.rows - 1) <= TOLERANCE);
    return isRepeated ? [{ table, query }] : [];
  });
}

/** The finding where the statistics say nothing; undefined where they do. */
function silent({ installed, queries }: Counted): Finding | undefined {
  if (!installed)
    return notSeen(
      'pg_stat_statements is not installed in this database',
      'install it, and start this again after a day',
    );
  const calls = queries.reduce((sum, each) => sum + each.calls, 0);
  if (calls < LEAST_CALLS)
    return notSeen(`only ${calls} queries were counted`, 'start this again when the application has run for a day');
  return undefined;
}

/** Judges whether rows are looked up one by one. */
function decideRepeated(counted: Counted): Finding {
  const found = repeatedLookUps(counted.queries).map(
    ({ table, query }) =>
      `${query.calls} look-ups in ${table}, one for each row of another query (queryid ${query.id})`,
  );
  return silent(counted) ?? noneOf(found, 'no look-up runs once for each row of another query');
}

/** Judges whether whole tables are loaded into the application. */
function decideLoaded(counted: Counted): Finding {
  const loaded = counted.queries.filter(({ calls, rows }) => rows / calls >= LOADED_ROWS);
  const found = loaded.map(({ id, calls, rows }) => `${Math.round(rows / calls)} rows at a time (queryid ${id})`);
  return (
    silent(counted) ??
    (found.length > 0 ? failed(listed(found)) : noneOf([], `no query returns ${LOADED_ROWS} rows at a time`))
  );
}

/** What the statistics of statements tell about the application. */
export const STATEMENT_CHECKS = [
  check({
    name: 'rows are not looked up one by one',
    area: 'N+1 queries',
    weight: WEIGHTS.work,
    question: 'Does no look-up by a key run once for each row of another query (N+1)?',
    action: 'read the rows with a join or with = ANY ($1); with Prisma by include or by a relation query',
    right: MONITOR,
    read,
    decide: decideRepeated,
  }),
  check({
    name: 'no table is loaded into the application',
    area: 'N+1 queries',
    weight: WEIGHTS.work,
    question: `Does no query return ${LOADED_ROWS} rows or more at a time?`,
    action: 'aggregate in SQL, or read in pages',
    right: MONITOR,
    read,
    decide: decideLoaded,
  }),
];
