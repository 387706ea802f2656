import type { Client } from 'pg';

/** The migration history, a line for each entry in the order of their starts, such as `20250101000000_first finished`. */
export async function historyOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; state: string }>(
    `SELECT migration_name AS name, CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled back'
       WHEN finished_at IS NOT NULL THEN 'finished' ELSE 'open' END AS state
       FROM _prisma_migrations ORDER BY started_at`,
  );
  return rows.map(({ name, state }) => `${name} ${state}`);
}
