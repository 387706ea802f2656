import type { Client } from 'pg';

/** A plan as EXPLAIN (FORMAT JSON) gives it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Runs a statement with EXPLAIN (ANALYZE, BUFFERS). Returns PostgreSQL's document, whose first entry has the Plan. */
export async function explain(
  client: Client,
  sql: string,
  values: readonly unknown[],
): Promise<{ readonly Plan: PlanNode }[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
    [...values],
  );
  return rows[0]?.['QUERY PLAN'] ?? [];
}

/** Names of the indexes that a plan reads. */
export function indexesOf({ 'Index Name': name, Plans = [] }: PlanNode): string[] {
  return [...(name === undefined ? [] : [name]), ...Plans.flatMap(indexesOf)];
}
