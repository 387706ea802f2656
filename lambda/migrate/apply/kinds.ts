import type { Migration } from '../../../lib/contract/migrations';
import { splitStatements } from './statements';

/** An index and its table as a file names them: the index without quotes, the table as PostgreSQL's to_regclass accepts it. */
export interface ConcurrentIndex {
  readonly index: string;
  readonly table: string;
}

/**
 * How a file can be run, and what an interruption leaves:
 * - `transaction`: everything or nothing, together with its entry in the history;
 * - `concurrent index`: one `CREATE INDEX CONCURRENTLY`, which leaves a valid index, an invalid one or none;
 * - `other`: a file with its own transaction control, or with statements that PostgreSQL refuses in a transaction; only a person can see
 *   what is left.
 */
export type MigrationKind =
  | { readonly kind: 'transaction' }
  | ({ readonly kind: 'concurrent index' } & ConcurrentIndex)
  | { readonly kind: 'other' };

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_][\w$]*)`;
const CREATE_CONCURRENTLY = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(${NAME})\s+on\s+(?:only\s+)?(${NAME}(?:\.${NAME})?)`,
  'i',
);
/** Transaction control, and statements that PostgreSQL refuses in a transaction. */
const ALONE =
  /^(?:begin|start\s+transaction|commit|end|rollback|abort|prepare\s+transaction|vacuum|alter\s+system|reindex\s+(?:database|system)|(?:create|drop)\s+(?:database|tablespace|subscription))\b/i;

/** The kind of a file. A file that is wrongly taken for a `transaction` fails when it runs, and is then recorded as failed, not as rolled back. */
export function kindOf({ sql }: Migration): MigrationKind {
  const statements = splitStatements(sql).map(({ text }) => text);
  const [first = ''] = statements;
  const [, index, table] = CREATE_CONCURRENTLY.exec(first) ?? [];
  if (statements.length === 1 && index && table) return { kind: 'concurrent index', index: unquote(index), table };
  const alone = statements.some((statement) => ALONE.test(statement) || /\bconcurrently\b/i.test(statement));
  return { kind: alone ? 'other' : 'transaction' };
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
