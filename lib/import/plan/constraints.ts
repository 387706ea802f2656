import { escapeIdentifier } from 'pg';
import { rowsOf, type Side } from '../session';
import type { MovedTable } from './moved-table';

/** A rule of a table that rows may break. */
export interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly kind: 'check' | 'unique' | 'foreign-key';
  /** Columns of a unique or foreign key. */
  readonly columns: readonly string[];
  /** Condition of a check or of a partial unique index. */
  readonly condition: string | null;
  readonly references: { readonly table: string; readonly columns: readonly string[] } | null;
}

const COLUMNS = (relation: string, keys: string) =>
  `(SELECT coalesce(json_agg(attname ORDER BY place), '[]') FROM unnest(${keys}) WITH ORDINALITY AS key (number, place)
     JOIN pg_attribute ON attrelid = ${relation} AND attnum = number)`;

const CONSTRAINTS = `
  SELECT relname AS table, conname AS name, CASE contype WHEN 'c' THEN 'check' ELSE 'foreign-key' END AS kind,
         ${COLUMNS('conrelid', 'conkey')} AS columns, pg_get_expr(conbin, conrelid) AS condition,
         CASE WHEN confrelid <> 0 THEN json_build_object(
           'table', (SELECT relname FROM pg_class AS other WHERE other.oid = confrelid), 'columns', ${COLUMNS('confrelid', 'confkey')}) END AS references
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
   WHERE contype IN ('c', 'f') AND convalidated AND relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT owner.relname, entry.relname, 'unique', ${COLUMNS('indrelid', 'indkey::smallint[]')}, pg_get_expr(indpred, indrelid), NULL
    FROM pg_index JOIN pg_class AS entry ON entry.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
   WHERE indisunique AND indisvalid AND indexprs IS NULL AND owner.relnamespace = 'public'::regnamespace`;

/** Reads the constraints and unique indexes of a database's schema `public`. */
export function readConstraints(side: Side): Promise<Constraint[]> {
  return rowsOf<Constraint>(side, CONSTRAINTS);
}

/** A question to the source: how many rows would the target refuse? */
export interface RowQuestion {
  readonly id: string;
  readonly table: string;
  /** What the rows break, such as `the check bookings_end of bookings`. */
  readonly what: string;
  /** Returns the column `count`. */
  readonly sql: string;
  /** Whether even no such row is worth a remark, because the source lets one be written at any time. */
  readonly mayComeLater: boolean;
}

/** The questions whose answer the constraints of the source do not give already. */
export function constraintQuestions(
  tables: readonly MovedTable[],
  source: readonly Constraint[],
  target: readonly Constraint[],
): RowQuestion[] {
  const key = ({ table, kind, columns, condition, references }: Constraint) =>
    JSON.stringify([table, kind, kind === 'unique' ? [...columns].sort() : columns, condition, references]);
  const held = new Set(source.map(key));
  return target
    .filter((each) => !held.has(key(each)))
    .flatMap((each) => {
      const table = tables.find(({ name }) => name === each.table);
      const isMoved = each.columns.every((column) => table?.columns.some(({ name }) => name === column));
      return table && isMoved ? [question(each)] : [];
    });
}

function question(constraint: Constraint): RowQuestion {
  const { table, name, kind, condition } = constraint;
  const what = { check: 'the check', unique: 'the unique key', 'foreign-key': 'the foreign key' }[kind];
  const sql = {
    check: () => `SELECT count(*)::float8 AS count FROM ${escapeIdentifier(table)} WHERE NOT (${condition ?? 'true'})`,
    unique: () => duplicates(constraint),
    'foreign-key': () => orphans(constraint),
  }[kind]();
  return { id: `${kind}-violation`, table, what: `${what} ${name} of ${table}`, sql, mayComeLater: true };
}

function duplicates({ table, columns, condition }: Constraint): string {
  const list = columns.map(escapeIdentifier).join(', ');
  const filled = columns.map((column) => `${escapeIdentifier(column)} IS NOT NULL`).join(' AND ');
  return `SELECT coalesce(sum(more), 0)::float8 AS count FROM (SELECT count(*) - 1 AS more FROM ${escapeIdentifier(table)}
    WHERE ${filled} AND (${condition ?? 'true'}) GROUP BY ${list} HAVING count(*) > 1) AS twice`;
}

function orphans({ table, columns, references }: Constraint): string {
  const filled = columns.map((column) => `child.${escapeIdentifier(column)} IS NOT NULL`).join(' AND ');
  const match = columns
    .map((column, i) => `parent.${escapeIdentifier(references?.columns[i] ?? '')} = child.${escapeIdentifier(column)}`)
    .join(' AND ');
  return `SELECT count(*)::float8 AS count FROM ${escapeIdentifier(table)} AS child WHERE ${filled}
    AND NOT EXISTS (SELECT FROM ${escapeIdentifier(references?.table ?? '')} AS parent WHERE ${match})`;
}
