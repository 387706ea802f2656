import { type FieldDef, types } from 'pg';
import type { CollectedQuery } from '../../lib/contract/collected-query';
import { isPublishable } from '../shared/metric-data';

/** A row of a query: its labels as PostgreSQL's text, its metrics as numbers. `null` is NULL. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A row whose values are PostgreSQL's texts. */
export type TextRow = Record<string, string | null>;

/** A query's answer as text. */
interface TextAnswer {
  readonly fields: readonly Pick<FieldDef, 'name' | 'dataTypeID'>[];
  readonly rows: readonly Readonly<TextRow>[];
}

/** Rows with the values that can be published, and why others cannot. */
export interface CheckedRows {
  readonly rows: readonly Row[];
  /** A sentence for each column; never a value. */
  readonly faults: readonly string[];
}

/** For a query's option `types`: every value stays the text that PostgreSQL sent. */
export const AS_TEXT = { getTypeParser: () => (text: string) => text };

const { INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, BOOL, TIMESTAMPTZ, TIMESTAMP, DATE } = types.builtins;
const NAMES = new Map(Object.entries(types.builtins).map(([name, oid]) => [Number(oid), name.toLowerCase()]));

/** How a column's type becomes a number: as postgres_exporter does it (dbToFloat64 in its util.go). */
const CONVERSIONS = new Map<number, (text: string) => number>([
  // An integer or numeric beyond 2^53 is rounded to the nearest double: CloudWatch keeps nothing else.
  ...[INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC].map((oid): [number, (text: string) => number] => [oid, Number]),
  [BOOL, (text) => (text === 't' ? 1 : 0)],
  [TIMESTAMPTZ, secondsSince1970],
  // Without a zone they are UTC.
  [TIMESTAMP, (text) => secondsSince1970(text.replace(/( BC)?$/, '+00$1'))],
  [DATE, (text) => secondsSince1970(text.replace(/( BC)?$/, ' 00:00:00+00$1'))],
]);

const parseTime = types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => unknown;

/** Whole seconds. NaN for infinity. */
function secondsSince1970(text: string): number {
  const time = parseTime(text);
  return time instanceof Date ? Math.floor(time.getTime() / 1000) : NaN;
}

/**
 * The rows of a query's answer with numbers in the columns of its metrics: of number types, of timestamps and dates (seconds since 1970)
 * and of booleans (1 or 0). A value that CloudWatch refuses, or of any other type, becomes null and a fault. NULL is no fault.
 */
export function checkedRows({ labels, metrics, details }: CollectedQuery, { fields, rows }: TextAnswer): CheckedRows {
  const typeOf = (column: string) => fields.find(({ name }) => name === column)?.dataTypeID;
  const faults = labels.filter((label) => typeOf(label) === undefined).map(missing);
  const numbers = metrics.map(({ column }) => {
    const { read, fault } = columnOf(column, typeOf(column), rows);
    if (fault !== undefined) faults.push(fault);
    return { column, read };
  });
  const converted = rows.map((row) => {
    const values: Record<string, string | number | null> = {};
    for (const label of labels) values[label] = row[label] ?? null;
    for (const detail of details) values[detail] = detailIn(row[detail] ?? null);
    for (const { column, read } of numbers) values[column] = read(row[column] ?? null);
    return values;
  });
  return { rows: converted, faults };
}

/** A detail is only logged, so what is no number is left out. */
function detailIn(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

const missing = (column: string) => `there is no column ${column}`;

/** How a column's values are read, and what is wrong with them. */
function columnOf(
  column: string,
  type: number | undefined,
  rows: TextAnswer['rows'],
): { read: (text: string | null) => number | null; fault?: string } {
  if (type === undefined) return { read: () => null, fault: missing(column) };
  const name = NAMES.get(type) ?? `of the type with OID ${type}`;
  const convert = CONVERSIONS.get(type);
  if (!convert) return { read: () => null, fault: `column ${column} is ${name}, not a number, time or boolean` };
  const read = (text: string | null) => {
    const value = text === null ? null : convert(text);
    return value !== null && isPublishable(value) ? value : null;
  };
  const isRefused = rows.some((row) => (row[column] ?? null) !== null && read(row[column] ?? null) === null);
  return isRefused
    ? { read, fault: `column ${column} (${name}) has a value that is not a number or out of CloudWatch's range` }
    : { read };
}
