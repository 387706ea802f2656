import { escapeIdentifier } from 'pg';
import { rowOf, type Side, type Sides } from '../session';
import { readHistory, readServer, readTables, type ServerFacts, type Table } from './catalog';
import { compareTables } from './compare-tables';
import { constraintQuestions, readConstraints } from './constraints';
import { estimate, type Estimate } from './estimate';
import type { MovedTable } from './moved-table';
import { type Obstacle, refuse, some, when } from './obstacle';
import { type HostPort, reachObstacles } from './reach';
import { askRows, columnQuestions, invalidText } from './row-questions';
import { type ServerWishes, sourceObstacles } from './source-obstacles';
import { historyObstacles, pairObstacles, targetObstacles } from './target-obstacles';

/** How the user wants an import. */
export interface PlanWishes extends Omit<ServerWishes, 'isStarted'> {
  readonly leaveOut: readonly string[];
  /** Address of the source as the target reaches it. */
  readonly sourceAddress: HostPort;
  /** Longest time for one check of rows, seconds. */
  readonly checkSeconds: number;
}

/** A table in the plan. */
interface PlannedTable {
  readonly name: string;
  readonly rows: number;
  readonly isExact: boolean;
  readonly bytes: number;
}

/** What an import will do, and what stands in its way. */
export interface Plan {
  readonly method: 'logical' | 'copy';
  readonly source: string;
  readonly target: string;
  readonly tables: readonly PlannedTable[];
  readonly estimate: Estimate;
  readonly obstacles: readonly Obstacle[];
  /** No obstacle is blocking. */
  readonly ok: boolean;
}

/** Rows from which a table is not counted exactly. */
const EXACT_ROWS = 2_000_000;

/** The plan and the tables that it moves. */
export interface PlannedMove {
  readonly plan: Plan;
  readonly moved: readonly MovedTable[];
}

/** Compares both databases, read-only, and looks for whatever stands in the way. */
export async function makePlan(sides: Sides, wishes: PlanWishes): Promise<PlannedMove> {
  const { source, target } = sides;
  const facts = { source: await readServer(source), target: await readServer(target) };
  const tables = { source: await readTables(source), target: await readTables(target) };
  const major = Math.floor(facts.source.version / 10_000);
  const compared = compareTables(tables.source, tables.target, { ...wishes, sourceMajor: major });
  const isStarted = facts.target.schemas.includes('import_state');
  const readable = compared.moved.filter(
    ({ name }) => isReadable(tables.source, name) && isReadable(tables.target, name),
  );
  const counted = await countRows(source, readable, wishes.checkSeconds);
  const obstacles = [
    ...serverObstacles(facts, tables.source, { ...wishes, isStarted }),
    ...reachObstacles(wishes.sourceAddress, target.address, wishes.wayBack),
    ...historyObstacles(await readHistory(source), await readHistory(target)),
    ...compared.obstacles,
    ...unreadable('source', tables.source),
    ...unreadable('target', tables.target),
    ...(isStarted ? [] : await filledTables(target, readable)),
    ...(await rowObstacles(sides, readable, tables, wishes.checkSeconds)),
  ];
  const indexBytes = tables.source.reduce((sum, table) => sum + table.indexBytes, 0);
  const moved = readable.map((table, i) => ({ ...table, rows: counted[i]?.rows ?? table.rows }));
  return {
    moved,
    plan: {
      method: wishes.method,
      source: describe(source, facts.source),
      target: describe(target, facts.target),
      tables: counted,
      estimate: estimate(moved, indexBytes),
      obstacles,
      ok: !obstacles.some(({ blocking }) => blocking),
    },
  };
}

function isReadable(tables: readonly Table[], name: string): boolean {
  return tables.some((table) => table.schema === 'public' && table.name === name && table.readable);
}

function unreadable(side: string, tables: readonly Table[]): Obstacle[] {
  const names = tables.filter(({ schema, readable }) => schema === 'public' && !readable).map(({ name }) => name);
  return when(names.length > 0, () =>
    refuse(`${side}-read-right`, `${some(names)} cannot be read in the ${side}`, 'log in as the owner of the tables'),
  );
}

function describe({ address }: Side, { versionText }: ServerFacts): string {
  return `${address.host}:${address.port}/${address.database}, PostgreSQL ${versionText}`;
}

function serverObstacles(
  facts: { readonly source: ServerFacts; readonly target: ServerFacts },
  tables: readonly Table[],
  wishes: ServerWishes,
): Obstacle[] {
  return [
    ...sourceObstacles(facts.source, tables, wishes),
    ...targetObstacles(facts.target, wishes),
    ...pairObstacles(facts.source, facts.target, wishes.isStarted),
  ];
}

async function rowObstacles(
  { source, target }: Sides,
  moved: readonly MovedTable[],
  tables: { readonly source: readonly Table[]; readonly target: readonly Table[] },
  seconds: number,
): Promise<Obstacle[]> {
  const questions = [
    ...columnQuestions(moved, tables.source, tables.target),
    ...constraintQuestions(moved, await readConstraints(source), await readConstraints(target)),
  ];
  return [...(await askRows(source, questions, seconds)), ...(await invalidText(source, moved, seconds))];
}

/** The target must be empty: replication would fail with the first key that is there already, or keep a row that the source has not. */
async function filledTables(target: Side, moved: readonly MovedTable[]): Promise<Obstacle[]> {
  const filled: string[] = [];
  for (const { name } of moved) {
    const sql = `SELECT EXISTS (SELECT FROM ${escapeIdentifier(name)}) AS filled`;
    if ((await rowOf<{ filled: boolean }>(target, sql)).filled) filled.push(name);
  }
  return when(filled.length > 0, () =>
    refuse(
      'target-not-empty',
      `the target has rows already in ${some(filled)}`,
      'if nobody needs them: TRUNCATE these tables in the target',
    ),
  );
}

async function countRows(source: Side, moved: readonly MovedTable[], seconds: number): Promise<PlannedTable[]> {
  const planned: PlannedTable[] = [];
  for (const { name, rows, bytes } of moved) {
    const isExact = rows < EXACT_ROWS;
    const count = isExact ? await exactCount(source, name, seconds) : undefined;
    planned.push({ name, rows: count ?? rows, isExact: count !== undefined, bytes });
  }
  return planned;
}

async function exactCount(source: Side, name: string, seconds: number): Promise<number | undefined> {
  try {
    await source.client.query(`SET statement_timeout = '${seconds}s'`);
    return (await rowOf<{ count: number }>(source, `SELECT count(*)::float8 AS count FROM ${escapeIdentifier(name)}`))
      .count;
  } catch {
    // The estimate is shown instead.
    return undefined;
  } finally {
    await source.client.query('SET statement_timeout = 0');
  }
}
