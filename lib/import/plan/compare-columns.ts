import { type Obstacle, refuse, remark, some, when } from './obstacle';
import type { Column, Table } from './catalog';
import type { MovedColumn } from './moved-table';

/** Types that every value of another type fits into with the same text. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric'],
  integer: ['bigint', 'numeric'],
  bigint: ['numeric'],
  'character varying': ['text', 'character varying'],
  text: ['character varying'],
  'timestamp without time zone': ['timestamp without time zone'],
  'timestamp with time zone': ['timestamp with time zone'],
  json: ['jsonb'],
};

/** What the comparison of a table's columns found. */
export interface ComparedColumns {
  readonly moved: readonly MovedColumn[];
  readonly obstacles: readonly Obstacle[];
}

/** How the user wants an import. */
export interface ColumnWishes {
  readonly method: 'logical' | 'copy';
  /** Tables, or columns as `table.column`, that stay behind. */
  readonly leaveOut: readonly string[];
  /** Major version of the source. */
  readonly sourceMajor: number;
}

/** Compares the columns of a table that both sides have. */
export function compareColumns(source: Table, target: Table, wishes: ColumnWishes): ComparedColumns {
  const isLeftOut = ({ name }: Column) => wishes.leaveOut.includes(`${target.name}.${name}`);
  const pairs = target.columns.flatMap((to) => {
    const from = source.columns.find(({ name }) => name === to.name);
    return from && !isLeftOut(from) && !from.generated && !to.generated ? [{ from, to }] : [];
  });
  return {
    moved: pairs.map(({ from, to }) => ({ name: to.name, type: to.type, sourceType: from.type })),
    obstacles: [
      ...extraColumns(source, target, wishes),
      ...missingColumns(source, target, wishes),
      ...generatedColumns(source, target, wishes),
      ...pairs.flatMap(({ from, to }) => differingTypes(target.name, from, to)),
    ],
  };
}

function extraColumns(source: Table, target: Table, { leaveOut, method, sourceMajor }: ColumnWishes): Obstacle[] {
  const extra = source.columns.filter((each) => !target.columns.some(({ name }) => name === each.name));
  const names = extra.map(({ name }) => `${target.name}.${name}`);
  const unknown = names.filter((name) => !leaveOut.includes(name));
  const leftOut = names.filter((name) => leaveOut.includes(name));
  return [
    ...when(unknown.length > 0, () =>
      refuse(
        'extra-column',
        `the source has columns that the target has not: ${some(unknown)}`,
        `write a migration that adds them, or leave them behind with ${unknown.map((name) => `--leave-out ${name}`).join(' ')}`,
      ),
    ),
    // Column lists of publications exist since PostgreSQL 15 (CREATE PUBLICATION).
    ...when(leftOut.length > 0 && method === 'logical' && sourceMajor < 15, () =>
      refuse(
        'column-list-unsupported',
        `PostgreSQL ${sourceMajor} cannot publish a table without some of its columns: ${some(leftOut)}`,
        'drop them in the source, add them in the target by a migration, or use --method copy',
      ),
    ),
  ];
}

function missingColumns(source: Table, target: Table, { leaveOut }: ColumnWishes): Obstacle[] {
  const missing = target.columns.filter(
    ({ name, generated }) =>
      !generated && (!source.columns.some((each) => each.name === name) || leaveOut.includes(`${target.name}.${name}`)),
  );
  const required = missing.filter(({ notNull, hasDefault }) => notNull && !hasDefault).map(({ name }) => name);
  const optional = missing.map(({ name }) => name).filter((name) => !required.includes(name));
  return [
    ...when(required.length > 0, () =>
      refuse(
        'missing-column',
        `the target's ${target.name} needs values that the source has not: ${some(required)}`,
        'add the columns in the source with a value in each row, or give them a default in the target by a migration',
      ),
    ),
    ...when(optional.length > 0, () =>
      remark(
        'empty-column',
        `the target's ${target.name} has columns that the source has not: ${some(optional)}`,
        'nothing, if their default is right for all rows that are moved',
      ),
    ),
  ];
}

function generatedColumns(source: Table, target: Table, { leaveOut }: ColumnWishes): Obstacle[] {
  const differing = target.columns.filter((to) => {
    const from = source.columns.find(({ name }) => name === to.name);
    return from && from.generated !== to.generated && !leaveOut.includes(`${target.name}.${to.name}`);
  });
  return when(differing.length > 0, () =>
    refuse(
      'generated-column',
      `a column of ${target.name} is computed on one side and stored on the other: ${some(differing.map(({ name }) => name))}`,
      'make both the same: replication sends no computed column, and nothing can be written into one',
    ),
  );
}

function differingTypes(table: string, from: Column, to: Column): Obstacle[] {
  const name = `${table}.${to.name}`;
  if (from.enumLabels && to.enumLabels) {
    const unknown = from.enumLabels.filter((label) => !to.enumLabels?.includes(label));
    return when(unknown.length > 0, () =>
      refuse(
        'enum-values',
        `${name} may have values in the source that its type in the target has not: ${some(unknown)}`,
        'add them to the type by a migration, or change these rows and drop the values in the source',
      ),
    );
  }
  const fits =
    from.type === to.type ||
    (from.enumLabels !== null && to.type === 'text') ||
    (WIDER[base(from.type)] ?? []).includes(base(to.type));
  return when(!fits, () =>
    refuse(
      'column-type',
      `${name} is ${from.type} in the source and ${to.type} in the target`,
      'change one of them, or move the table with another column first; only types that hold every value of the source are moved as they are',
    ),
  );
}

/** A type without length and precision. */
function base(type: string): string {
  return type.replace(/\([\d,]+\)/, '');
}
