import type { ConnectOptions } from '../contract/database-client';
import { withSession } from './databases/databases';
import type { Pattern } from './patterns';

/** A node of a plan, as EXPLAIN (FORMAT JSON) prints it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Output of EXPLAIN (FORMAT JSON): its first entry has the plan. */
type PlanDocument = readonly { readonly Plan: PlanNode }[];

/** Runs a pattern with EXPLAIN (ANALYZE, BUFFERS). */
export async function planOf(
  login: ConnectOptions,
  { sql }: Pick<Pattern, 'sql'>,
  values: readonly string[],
): Promise<PlanDocument> {
  return withSession(login, async (session) => {
    const { rows } = await session.query<{ 'QUERY PLAN': PlanDocument }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
      [...values],
    );
    return rows[0]?.['QUERY PLAN'] ?? [];
  });
}

/**
 * The first of a pattern's intended indexes that a plan reads by a condition; undefined where it reads none of them. An index that is read as
 * a whole, and whose rows are then filtered, is not meant for the pattern.
 */
export function intendedIndex(document: PlanDocument, { indexes }: Pick<Pattern, 'indexes'>): string | undefined {
  return document.flatMap(({ Plan }) => indexesOf(Plan)).find((name) => indexes.includes(name));
}

function indexesOf({ 'Index Name': name, 'Index Cond': condition, Plans = [] }: PlanNode): string[] {
  return [...(name === undefined || condition === undefined ? [] : [name]), ...Plans.flatMap(indexesOf)];
}

/** The conditions by which a plan reads its indexes. */
export function indexConditions(document: PlanDocument): string[] {
  return document.flatMap(({ Plan }) => conditionsOf(Plan));
}

function conditionsOf({ 'Index Cond': condition, Plans = [] }: PlanNode): string[] {
  return [...(condition === undefined ? [] : [condition]), ...Plans.flatMap(conditionsOf)];
}
