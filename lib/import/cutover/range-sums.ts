import { escapeIdentifier } from 'pg';
import type { MovedTable } from '../plan/moved-table';
import { rowsOf, type Side } from '../session';

/** Rows and checksum of a range of a table: of a day by the time in which its rows were made, or of the whole table. */
export interface RangeSum {
  readonly start: string;
  readonly rows: number;
  readonly checksum: string;
}

/** A range with its number of rows. */
export interface RangeCount {
  readonly start: string;
  readonly rows: number;
  /** Whether a row of it was written since a transaction. */
  readonly changed: boolean;
}

/** The column that ranges are made of: a time that each row gets when it is made. Undefined: the table has none. */
export async function rangeColumn(side: Side, table: MovedTable): Promise<string | undefined> {
  const [row] = await rowsOf<{ name: string }>(
    side,
    `SELECT attname AS name FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = ('public.' || quote_ident($1))::regclass AND attnotnull AND attname = ANY ($2)
        AND atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype)
        AND pg_get_expr(adbin, adrelid) ~* '^(now\\(\\)|current_timestamp)' ORDER BY attnum LIMIT 1`,
    [table.name, table.columns.map(({ name }) => name)],
  );
  return row?.name;
}

/** Counts each range, and says whether a row of it was written since a transaction; without one: all were. */
export function countRanges(
  side: Side,
  table: MovedTable,
  column: string | undefined,
  sinceXid: string | undefined,
): Promise<RangeCount[]> {
  // The age of a row's transaction is known also after the row is frozen. One that is older than 2 billion transactions looks new, and is
  // checked again.
  const changed = sinceXid === undefined ? 'true' : `bool_or(age(xmin) <= age($1::text::xid))`;
  return rowsOf<RangeCount>(
    side,
    `SELECT ${startOf(column)} AS start, count(*)::float8 AS rows, ${changed} AS changed FROM ${nameOf(table)} GROUP BY 1`,
    sinceXid === undefined ? [] : [sinceXid],
  );
}

/**
 * Sums ranges up. The checksum is the sum of 64-bit hashes of the rows as text, so it does not depend on their order, and PostgreSQL 13 to 17 agree on it.
 * @param starts the ranges; undefined: all
 */
export function sumRanges(
  side: Side,
  table: MovedTable,
  column: string | undefined,
  starts: readonly string[] | undefined,
): Promise<RangeSum[]> {
  const values = table.columns.map(({ name, type, sourceType }) =>
    side.name === 'source' && type !== sourceType ? `${escapeIdentifier(name)}::${type}` : escapeIdentifier(name),
  );
  const quoted = column === undefined ? '' : escapeIdentifier(column);
  const only =
    starts === undefined || column === undefined
      ? ''
      : `WHERE ${quoted} >= (SELECT min(s::timestamp) FROM unnest($1::text[]) AS s) AND ${quoted} < (SELECT max(s::timestamp) FROM unnest($1::text[]) AS s) + interval '1 day'
           AND ${startOf(column)} = ANY ($1::text[])`;
  return rowsOf<RangeSum>(
    side,
    `SELECT ${startOf(column)} AS start, count(*)::float8 AS rows, sum(hashtextextended(ROW(${values.join(', ')})::text, 0))::text AS checksum
       FROM ${nameOf(table)} ${only} GROUP BY 1`,
    only === '' ? [] : [starts],
  );
}

function startOf(column: string | undefined): string {
  return column === undefined ? `''::text` : `date_trunc('day', ${escapeIdentifier(column)})::timestamp::text`;
}

function nameOf({ name }: MovedTable): string {
  return `public.${escapeIdentifier(name)}`;
}
