import { type Client, escapeIdentifier } from 'pg';

/** Rows of a table, and a sum of their hashes, which no order changes: both servers are of one version, hence of one hash. */
export interface Fingerprint {
  readonly table: string;
  readonly rows: number;
  readonly checksum: string;
}

/** Of every table of `public` but the heartbeat, which goes on all the time. By the name of the table. */
export async function fingerprints(session: Client): Promise<Fingerprint[]> {
  const { rows: tables } = await session.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'heartbeat' ORDER BY 1",
  );
  const found: Fingerprint[] = [];
  for (const { name } of tables) found.push(await fingerprint(session, 'public', name));
  return found;
}

/** Of one table. */
export async function fingerprint(session: Client, schema: string, table: string): Promise<Fingerprint> {
  const { rows } = await session.query<{ rows: string; checksum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(each::text, 0)::numeric), 0)::text AS checksum
       FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)} each`,
  );
  return { table, rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? '' };
}

/** Names of the tables that are not the same. */
export function differing(expected: readonly Fingerprint[], found: readonly Fingerprint[]): string[] {
  const names = [...new Set([...expected, ...found].map(({ table }) => table))];
  return names.filter((name) => {
    const [before, after] = [expected, found].map((all) => all.find(({ table }) => table === name));
    return before?.rows !== after?.rows || before?.checksum !== after?.checksum;
  });
}
