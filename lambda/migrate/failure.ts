import { DatabaseError } from 'pg';
import type { Migration } from '../../lib/contract/migrations';
import { locateStatement } from './apply/statements';

/**
 * What a failed migration left:
 * - `nothing`: nothing, and the next run starts it anew;
 * - `told by the database`: the session was lost, and the next run finds out by itself;
 * - `unknown`: some of it may be there, which only a person can tell.
 */
export type Remains = 'nothing' | 'told by the database' | 'unknown';

/** A migration that did not come to its end. The message names the file, the statement, the cause and what to do. */
export class MigrationFailed extends Error {
  /** @param reason what describeFailure said */
  constructor({ name }: Migration, reason: string, remains: Remains, cause: unknown) {
    const next = {
      nothing: 'Nothing of it was kept: correct the cause and deploy again',
      'told by the database': 'The session was lost; deploy again, and the run goes on from what the database has',
      unknown: `Some of it may have been kept: look at the database, mend it, then run "prisma migrate resolve --rolled-back ${name}" or "--applied ${name}"`,
    }[remains];
    super(`${reason}. ${next}`, { cause });
    this.name = 'MigrationFailed';
  }
}

/** The first sentence of a failure: file, statement, and PostgreSQL's reason. */
export function describeFailure({ name, sql }: Migration, completedStatements: number, cause: unknown): string {
  const position = cause instanceof DatabaseError && cause.position ? Number(cause.position) : undefined;
  return `${name}/migration.sql failed at ${locateStatement(sql, completedStatements, position)}: ${describeCause(cause)}`;
}

/** Integrity constraint violations: their detail is a row of the table, which may hold a customer's data or a credential. */
const CONSTRAINT_VIOLATION = /^23/;

function describeCause(cause: unknown): string {
  if (!(cause instanceof DatabaseError)) return cause instanceof Error ? cause.message : String(cause);
  const { code = 'unknown', message, detail, hint, table, column, constraint } = cause;
  const about = CONSTRAINT_VIOLATION.test(code)
    ? Object.entries({ table, column, constraint }).flatMap(([kind, name]) => (name ? [`${kind} ${name}`] : []))
    : [detail];
  return [`${message} (SQLSTATE ${code})`, ...about, hint].filter(Boolean).join('; ');
}
