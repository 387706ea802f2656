import { type Client, escapeIdentifier } from 'pg';

/** Number of rows of a table, and a sum of the rows' hashes, which does not depend on their order. */
export interface TableFingerprint {
  readonly table: string;
  readonly rows: number;
  /** Comparable between servers of the same version of PostgreSQL, which hash alike. */
  readonly checksum: string;
}

/** Fingerprints of every table of `public` except those that the collector writes in each pass. Sorted by table. */
export async function fingerprintTables(session: Client): Promise<TableFingerprint[]> {
  const { rows: tables } = await session.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('heartbeat', 'collector_state') ORDER BY 1",
  );
  const found: TableFingerprint[] = [];
  for (const { name } of tables) found.push(await fingerprintTable(session, 'public', name));
  return found;
}

/** Fingerprint of a copy in the schema recovery, read as the runbook says: after the check, and in the role that has no other right. */
export async function fingerprintCopy(session: Client, copy: string): Promise<TableFingerprint> {
  await session.query('SELECT recovery.require_copy($1)', [copy]);
  await session.query('SET ROLE copy_reader');
  try {
    return await fingerprintTable(session, 'recovery', copy);
  } finally {
    await session.query('RESET ROLE');
  }
}

/** Fingerprint of one table. */
async function fingerprintTable(session: Client, schema: string, table: string): Promise<TableFingerprint> {
  const { rows } = await session.query<{ rows: string; checksum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(each::text, 0)::numeric), 0)::text AS checksum
       FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)} each`,
  );
  return { table, rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? '' };
}

/** Names of the tables that differ or are missing on one side. */
export function differingTables(expected: readonly TableFingerprint[], found: readonly TableFingerprint[]): string[] {
  const names = [...new Set([...expected, ...found].map(({ table }) => table))];
  return names.filter((name) => {
    const [before, after] = [expected, found].map((tables) => tables.find(({ table }) => table === name));
    return before?.rows !== after?.rows || before?.checksum !== after?.checksum;
  });
}
