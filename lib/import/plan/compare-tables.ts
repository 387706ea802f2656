import { APPLICATION_TABLES, TABLES } from '../../contract/tables';
import type { Table } from './catalog';
import { type ColumnWishes, compareColumns } from './compare-columns';
import { type Obstacle, refuse, remark, some, when } from './obstacle';
import type { MovedTable } from './moved-table';

/** Prisma keeps its migration history in it: compared, never copied. */
const HISTORY = '_prisma_migrations';

/** What the comparison of the two schemas found. */
export interface ComparedTables {
  readonly moved: readonly MovedTable[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * Compares the tables of the source with those that the migrations made in the target. Only the schema `public` is moved.
 * @param leaveOut tables, and columns as `table.column`, that stay behind
 */
export function compareTables(
  source: readonly Table[],
  target: readonly Table[],
  wishes: ColumnWishes,
): ComparedTables {
  const missing = APPLICATION_TABLES.filter((name) => !find(target, name));
  const pairs = APPLICATION_TABLES.filter((name) => !wishes.leaveOut.includes(name)).flatMap((name) => {
    const [from, to] = [find(source, name), find(target, name)];
    return from && to ? [{ from, to, columns: compareColumns(from, to, wishes) }] : [];
  });
  return {
    moved: pairs.map(({ from, to, columns }) => movedTable(from, to, columns.moved)),
    obstacles: [
      ...when(missing.length > 0, () =>
        refuse(
          'target-not-migrated',
          `the target lacks tables that the migrations make: ${some(missing)}`,
          'deploy the migrations first: cdk deploy runs them',
        ),
      ),
      ...extraTables(source, wishes),
      ...absentTables(source, target),
      ...unknownWishes(source, target, wishes),
      ...pairs.flatMap(({ from, columns }) => [...columns.obstacles, ...tableObstacles(from, wishes)]),
    ],
  };
}

function find(tables: readonly Table[], name: string): Table | undefined {
  return tables.find((table) => table.schema === 'public' && table.name === name);
}

function movedTable(from: Table, to: Table, columns: MovedTable['columns']): MovedTable {
  const names = new Set(columns.map(({ name }) => name));
  return {
    name: to.name,
    columns,
    isPart: [...from.columns, ...to.columns].some(({ name, generated }) => !generated && !names.has(name)),
    textOnly: [...from.columns, ...to.columns].some(({ name, textOnly }) => textOnly && names.has(name)),
    rows: from.rows,
    bytes: from.bytes,
  };
}

function extraTables(source: readonly Table[], { leaveOut }: ColumnWishes): Obstacle[] {
  const named = ({ schema, name }: Table) => (schema === 'public' ? name : `${schema}.${name}`);
  const extra = source.filter(
    (table) =>
      table.name !== HISTORY &&
      !(table.schema === 'public' && (TABLES as readonly string[]).includes(table.name)) &&
      !leaveOut.includes(named(table)),
  );
  const tables = extra.filter(({ kind }) => kind !== 'f').map(named);
  const foreign = extra.filter(({ kind }) => kind === 'f').map(named);
  return [
    ...when(tables.length > 0, () =>
      refuse(
        'extra-table',
        `the source has tables that the target has not: ${some(tables)}`,
        `write a migration that makes them and add them to lib/contract/tables.ts, or leave them behind with ${tables.map((name) => `--leave-out ${name}`).join(' ')}`,
      ),
    ),
    ...when(foreign.length > 0, () =>
      refuse(
        'foreign-table',
        `the source has foreign tables, whose rows are in another server: ${some(foreign)}`,
        `leave them behind with ${foreign.map((name) => `--leave-out ${name}`).join(' ')}`,
      ),
    ),
  ];
}

function absentTables(source: readonly Table[], target: readonly Table[]): Obstacle[] {
  const absent = APPLICATION_TABLES.filter((name) => !find(source, name) && find(target, name));
  return when(absent.length > 0, () =>
    remark('absent-table', `the source has no ${some(absent)}; they stay empty`, 'nothing, if that is expected'),
  );
}

/** A name that is misspelt would leave nothing behind, silently. */
function unknownWishes(source: readonly Table[], target: readonly Table[], { leaveOut }: ColumnWishes): Obstacle[] {
  const known = [...source, ...target].flatMap(({ schema, name, columns }) => {
    const table = schema === 'public' ? name : `${schema}.${name}`;
    return [table, ...columns.map((column) => `${table}.${column.name}`)];
  });
  const unknown = leaveOut.filter((name) => !known.includes(name));
  return when(unknown.length > 0, () =>
    refuse('leave-out-unknown', `--leave-out names what neither side has: ${some(unknown)}`, 'correct the spelling'),
  );
}

function tableObstacles(table: Table, { method }: ColumnWishes): Obstacle[] {
  const { name, identity, hasPrimaryKey, kind, unlogged, triggers, rowSecurity } = table;
  const unidentified = identity === 'n' || (identity === 'd' && !hasPrimaryKey);
  const isLogical = method === 'logical';
  return [
    ...when(kind === 'f', () =>
      refuse(
        'foreign-table',
        `${name} is a foreign table in the source, whose rows are in another server`,
        `move its rows into a table, or leave it behind with --leave-out ${name}`,
      ),
    ),
    ...when(isLogical && unidentified && kind !== 'f', () =>
      refuse(
        'replica-identity',
        `${name} has no ${identity === 'n' ? 'replica identity' : 'primary key'} in the source: once it is published, its updates and deletes would fail there`,
        `ALTER TABLE ${name} ADD PRIMARY KEY (id), or REPLICA IDENTITY DEFAULT where it has one, or use --method copy`,
      ),
    ),
    ...when(isLogical && unlogged, () =>
      refuse(
        'unlogged-table',
        `${name} is unlogged in the source, so nothing of it is replicated`,
        `ALTER TABLE ${name} SET LOGGED, which rewrites it under a lock, or use --method copy`,
      ),
    ),
    ...when(rowSecurity, () =>
      remark('row-security', `${name} has row level security in the source`, 'write its policies in a migration'),
    ),
    ...when(triggers.length > 0, () =>
      remark(
        'trigger',
        `${name} has triggers in the source that do not move: ${some(triggers)}`,
        'write them in a migration if the application needs them; while rows are copied none of the target fires',
      ),
    ),
  ];
}
