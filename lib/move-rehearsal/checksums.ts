import { APPLICATION_TABLES } from '../contract/tables';
import type { Target } from '../shared/connection/target';
import { run } from './sessions';

/** A checksum of every table of the application, by name; equal where all rows are equal. The import has checks of its own: these are others. */
export async function checksums(database: Target): Promise<Record<string, string>> {
  const sums = APPLICATION_TABLES.map(
    (name) =>
      `SELECT '${name}' AS name, count(*) || ' rows ' || coalesce(sum(hashtextextended(t::text, 0)), 0) AS sum FROM ${name} AS t`,
  );
  const rows = await run<{ name: string; sum: string }>(database, "SET timezone = 'UTC'", sums.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

/** Names of the tables whose rows differ. */
export function differing(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): string[] {
  return APPLICATION_TABLES.filter((name) => one[name] !== other[name]);
}
