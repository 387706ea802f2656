import { escapeIdentifier, escapeLiteral } from 'pg';
import { rowOf, rowsOf, type Side } from '../session';

const NAMES = `SELECT relname AS name FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname`;

/**
 * Sets the sequences of one side to where those of the other are; replication does not move them.
 * @returns the names of those that both sides have
 */
export async function copySequences(from: Side, to: Side): Promise<string[]> {
  const there = (await rowsOf<{ name: string }>(to, NAMES)).map(({ name }) => name);
  const names = (await rowsOf<{ name: string }>(from, NAMES))
    .map(({ name }) => name)
    .filter((name) => there.includes(name));
  for (const name of names) {
    const { value, called } = await rowOf<{ value: string; called: boolean }>(
      from,
      `SELECT last_value::text AS value, is_called AS called FROM public.${escapeIdentifier(name)}`,
    );
    await to.client.query(`SELECT setval(${escapeLiteral(`public.${escapeIdentifier(name)}`)}, $1::bigint, $2)`, [
      value,
      called,
    ]);
  }
  return names;
}
