import type { Client } from 'pg';
import { loadQueries } from '../../../lib/monitoring/queries';

/** A row without its salon; what looks like a number is one. */
export type Answer = Readonly<Record<string, unknown>>;

/** Rows of a query of the collector by salon. */
export async function rowsBySalon(session: Client, name: string): Promise<Record<string, Answer>> {
  const rows = await rowsOfQuery(session, name);
  return Object.fromEntries(rows.map(({ salon_id, ...row }) => [String(salon_id), row]));
}

/** Rows of a query of the collector. */
export async function rowsOfQuery(session: Client, name: string): Promise<Answer[]> {
  const query = loadQueries().find((each) => each.name === name);
  if (!query) throw new Error(`there is no query ${name}`);
  return numbersIn((await session.query<Record<string, unknown>>(query.sql)).rows);
}

/** Rows whose bigint and numeric columns, which the driver reads as text, are numbers. */
export function numbersIn(rows: readonly Record<string, unknown>[]): Answer[] {
  const asNumber = (value: unknown) =>
    typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, asNumber(value)])));
}
