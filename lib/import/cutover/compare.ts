import type { MovedTable } from '../plan/moved-table';
import { rowOf, rowsOf, type Side } from '../session';
import { countRanges, type RangeCount, rangeColumn, type RangeSum, sumRanges } from './range-sums';

/** Ranges that were equal on both sides, with the oldest transaction of the publisher that was open then. */
interface CheckedTable {
  readonly xid: string | undefined;
  readonly ranges: ReadonlyMap<string, Omit<RangeSum, 'start'>>;
}

/** Both sides of a stream, and where what was checked is kept. */
export interface Compared {
  /** The side whose rows are right. */
  readonly publisher: Side;
  readonly subscriber: Side;
  /** The side with the schema of the state. */
  readonly target: Side;
}

/** What a comparison of a table found. */
export interface TableComparison {
  readonly table: string;
  readonly rows: number;
  /** Ranges that differ, such as `2026-11-26: 40 and 41 rows`. Empty: the tables are equal. */
  readonly differences: readonly string[];
  /** Ranges whose rows were read; the others were checked before and no row of them was written since. */
  readonly rangesRead: number;
  readonly ranges: number;
}

/**
 * Compares a table on both sides by count and checksum of each day. Days that were equal before are not read again unless one of their rows
 * was written since, so that a comparison in advance leaves little for the end.
 *
 * While rows are written it may find differences that are only on their way.
 */
export async function compareTable(sides: Compared, table: MovedTable): Promise<TableComparison> {
  const { publisher, subscriber, target } = sides;
  const column = await rangeColumn(target, table);
  const checked = await loadChecked(target, table);
  // Taken before the rows are read: what is written from now on counts as changed.
  const { xid } = await rowOf<{ xid: string }>(
    publisher,
    'SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::text AS xid',
  );
  const [left, right] = await Promise.all([
    countRanges(publisher, table, column, checked.xid),
    countRanges(subscriber, table, column, undefined),
  ]);
  const starts = [...new Set([...left, ...right].map(({ start }) => start))].sort();
  const dirty = starts.filter((start) => !isClean(checked, find(left, start), find(right, start)));
  const some = dirty.length < starts.length ? dirty : undefined;
  const [sums, others] =
    dirty.length === 0
      ? [[], []]
      : await Promise.all([sumRanges(publisher, table, column, some), sumRanges(subscriber, table, column, some)]);
  const differing = dirty.filter((start) => !isEqual(find(sums, start), find(others, start)));
  const clean = starts
    .filter((start) => !dirty.includes(start))
    .map((start) => ({ start, ...checked.ranges.get(start)! }));
  const equal = sums.filter(({ start }) => !differing.includes(start));
  await saveChecked(target, table, xid, [...clean, ...equal]);
  return {
    table: table.name,
    rows: left.reduce((sum, { rows }) => sum + rows, 0),
    differences: differing.map((start) => difference(start, find(sums, start), find(others, start))),
    rangesRead: dirty.length,
    ranges: starts.length,
  };
}

function find<Range extends { readonly start: string }>(ranges: readonly Range[], start: string): Range | undefined {
  return ranges.find((range) => range.start === start);
}

function isClean({ ranges, xid }: CheckedTable, left: RangeCount | undefined, right: RangeCount | undefined): boolean {
  const known = left && ranges.get(left.start);
  return (
    known !== undefined &&
    xid !== undefined &&
    !left?.changed &&
    left?.rows === known.rows &&
    right?.rows === known.rows
  );
}

function isEqual(left: RangeSum | undefined, right: RangeSum | undefined): boolean {
  return left?.rows === right?.rows && left?.checksum === right?.checksum;
}

function difference(start: string, left: RangeSum | undefined, right: RangeSum | undefined): string {
  const counts = [left?.rows ?? 0, right?.rows ?? 0];
  const what =
    counts[0] === counts[1]
      ? `${counts[0]} rows on both sides with other values`
      : `${counts[0]} and ${counts[1]} rows`;
  return start === '' ? what : `${start.slice(0, 10)}: ${what}`;
}

async function loadChecked(target: Side, { name }: MovedTable): Promise<CheckedTable> {
  const rows = await rowsOf<RangeSum & { xid: string }>(
    target,
    `SELECT range_start AS start, rows::float8 AS rows, checksum::text AS checksum, source_xid AS xid FROM import_state.checked_range WHERE table_name = $1`,
    [name],
  );
  return {
    xid: rows[0]?.xid,
    ranges: new Map(rows.map(({ start, rows: count, checksum }) => [start, { rows: count, checksum }])),
  };
}

async function saveChecked(
  target: Side,
  { name }: MovedTable,
  xid: string,
  ranges: readonly RangeSum[],
): Promise<void> {
  await target.client.query(
    `WITH gone AS (DELETE FROM import_state.checked_range WHERE table_name = $1 AND NOT range_start = ANY ($2::text[]))
     INSERT INTO import_state.checked_range SELECT $1, start, rows, checksum, $5
       FROM unnest($2::text[], $3::bigint[], $4::numeric[]) AS range (start, rows, checksum)
     ON CONFLICT (table_name, range_start) DO UPDATE SET rows = excluded.rows, checksum = excluded.checksum, source_xid = excluded.source_xid`,
    [
      name,
      ranges.map(({ start }) => start),
      ranges.map(({ rows }) => rows),
      ranges.map(({ checksum }) => checksum),
      xid,
    ],
  );
}

/** Forgets what was checked: in the other direction other transactions count. */
export async function forgetChecked(target: Side): Promise<void> {
  await target.client.query('DELETE FROM import_state.checked_range');
}

/** Compares all tables. */
export async function compareTables(sides: Compared, tables: readonly MovedTable[]): Promise<TableComparison[]> {
  const comparisons: TableComparison[] = [];
  for (const table of tables) comparisons.push(await compareTable(sides, table));
  return comparisons;
}

/** The differences of a comparison as one sentence; undefined: there are none. */
export function differencesOf(comparisons: readonly TableComparison[]): string | undefined {
  const differing = comparisons.filter(({ differences }) => differences.length > 0);
  if (differing.length === 0) return undefined;
  return differing
    .map(({ table, differences }) => `${table} differs (${differences.slice(0, 3).join('; ')})`)
    .join(', ');
}
