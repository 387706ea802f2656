import { DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import { rowOf, type Side } from '../session';
import type { Table } from './catalog';
import type { RowQuestion } from './constraints';
import type { MovedColumn, MovedTable } from './moved-table';
import { type Obstacle, refuse, remark } from './obstacle';

/** SQLSTATEs: a query that took too long; bytes that are no text in the encoding. */
const CANCELED = '57014';
const INVALID_TEXT = '22021';

/** Questions about the values of columns: no value where the target wants one, and too long ones. */
export function columnQuestions(
  tables: readonly MovedTable[],
  source: readonly Table[],
  target: readonly Table[],
): RowQuestion[] {
  const columnOf = (all: readonly Table[], table: string, name: string) =>
    all.find((each) => each.schema === 'public' && each.name === table)?.columns.find((column) => column.name === name);
  return tables.flatMap(({ name: table, columns }) =>
    columns.flatMap((column) => {
      const [from, to] = [columnOf(source, table, column.name), columnOf(target, table, column.name)];
      return [...(to?.notNull && !from?.notNull ? [nulls(table, column.name)] : []), ...tooLong(table, column)];
    }),
  );
}

function nulls(table: string, column: string): RowQuestion {
  return {
    id: 'null-value',
    table,
    what: `NOT NULL of ${table}.${column}`,
    sql: `SELECT count(*)::float8 AS count FROM ${escapeIdentifier(table)} WHERE ${escapeIdentifier(column)} IS NULL`,
    mayComeLater: true,
  };
}

/** Values that change, or are refused, in the type of the target, where that has a length or a precision of its own. */
function tooLong(table: string, { name, type, sourceType }: MovedColumn): RowQuestion[] {
  const limit = /^character varying\((\d+)\)$/.exec(type)?.[1];
  const isNarrower = type !== sourceType && /\(\d+\)/.test(type);
  if (!isNarrower) return [];
  const column = escapeIdentifier(name);
  const breaks = limit === undefined ? `${column}::${type}::text <> ${column}::text` : `length(${column}) > ${limit}`;
  return [
    {
      id: 'value-too-long',
      table,
      what: `the type ${type} of ${table}.${name}`,
      sql: `SELECT count(*)::float8 AS count FROM ${escapeIdentifier(table)} WHERE ${breaks}`,
      mayComeLater: true,
    },
  ];
}

/** Asks the source each question, each for at most so many seconds. */
export async function askRows(source: Side, questions: readonly RowQuestion[], seconds: number): Promise<Obstacle[]> {
  const obstacles: Obstacle[] = [];
  for (const { id, table, what, sql, mayComeLater } of questions) {
    const count = await answer(source, sql, seconds);
    const rows = count === 1 ? '1 row' : `${count} rows`;
    if (typeof count === 'string') {
      obstacles.push(
        remark('not-checked', `whether rows break ${what} is not known: ${count}`, `count them with: ${flat(sql)}`),
      );
    } else if (count > 0) {
      obstacles.push(
        refuse(
          id,
          `${rows} of ${table} in the source would break ${what}`,
          `correct them in the source; find them with: ${flat(sql)}`,
        ),
      );
    } else if (mayComeLater) {
      obstacles.push(
        remark(
          `may-break-${id}`,
          `no row breaks ${what} yet, and the source lets one be written`,
          'add the same rule to the source, or plan again shortly before the cutover',
        ),
      );
    }
  }
  return obstacles;
}

/** Looks for bytes that are no text: some old versions and drivers let them in, and the target refuses the whole table. */
export async function invalidText(source: Side, tables: readonly MovedTable[], seconds: number): Promise<Obstacle[]> {
  const obstacles: Obstacle[] = [];
  for (const { name, columns } of tables) {
    for (const column of columns.filter(({ sourceType }) => /^(text|character|json)/.test(sourceType))) {
      // Over all rows at once: the server checks each value, and fails with the first that is no text.
      const sql = `SELECT count(convert_from(textsend(${escapeIdentifier(column.name)}::text), 'UTF8'))::float8 AS count FROM ${escapeIdentifier(name)}`;
      const count = await answer(source, sql, seconds);
      if (count === INVALID_TEXT) {
        obstacles.push(
          refuse(
            'invalid-text',
            `${name}.${column.name} has bytes in the source that are no text in UTF-8`,
            "find the rows by halves of the table with the same query as above, and correct them with convert_from(…, 'WIN1252') or as they were meant",
          ),
        );
      } else if (typeof count === 'string') {
        obstacles.push(
          remark(
            'not-checked',
            `whether all of ${name}.${column.name} is text is not known: ${count}`,
            'plan again with a larger --check-seconds',
          ),
        );
      }
    }
  }
  return obstacles;
}

/** The count, or why there is none. */
async function answer(source: Side, sql: string, seconds: number): Promise<number | string> {
  try {
    await source.client.query(`SET statement_timeout = ${escapeLiteral(`${seconds}s`)}`);
    return (await rowOf<{ count: number }>(source, sql)).count;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (error.code === INVALID_TEXT) return INVALID_TEXT;
    if (error.code === CANCELED) return `the query took longer than ${seconds} s`;
    return `the source refuses the query (SQLSTATE ${error.code})`;
  } finally {
    await source.client.query('SET statement_timeout = 0').catch(() => undefined);
  }
}

function flat(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim();
}
