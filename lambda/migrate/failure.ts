import { postgreSplitterOptions, splitQuery } from 'dbgate-query-splitter';
import { DatabaseError } from 'pg';
import type { Migration } from './migrations';

/** A migration that PostgreSQL refused. Nothing of it is left in the database. */
export class MigrationFailed extends Error {
  constructor(migration: Migration, statementIndex: number, cause: unknown) {
    super(`${migration.name}/migration.sql failed at ${statementAt(migration.sql, statementIndex)}: ${describe(cause)}. Nothing of it was kept: correct the file and deploy again`); // prettier-ignore
    this.name = 'MigrationFailed';
  }
}

const LONGEST_EXCERPT = 80;

/** Names a statement by its number, line and first words. The splitter only serves this message: PostgreSQL gets the file whole. */
function statementAt(sql: string, index: number): string {
  const statements = splitQuery(sql, { ...postgreSplitterOptions, returnRichInfo: true });
  const statement = statements[index];
  if (statement === undefined || typeof statement === 'string') return `statement ${index + 1}`;
  const words = statement.text.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim();
  const excerpt = words.length > LONGEST_EXCERPT ? `${words.slice(0, LONGEST_EXCERPT)}…` : words;
  const line = (statement.trimStart?.line ?? statement.start?.line ?? 0) + 1;
  return `statement ${index + 1} (line ${line}, "${excerpt}")`;
}

function describe(cause: unknown): string {
  if (!(cause instanceof DatabaseError)) return cause instanceof Error ? cause.message : String(cause);
  const details = [cause.detail, cause.hint].filter((text) => text !== undefined);
  return [`${cause.message} (SQLSTATE ${cause.code})`, ...details].join('; ');
}
