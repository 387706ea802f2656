import { DatabaseError } from 'pg';
import type { Migration } from '../../lib/contract/migrations';
import { locateStatement } from './apply/statements';

/**
 * What a failed migration left in the database:
 * - `nothing`: the next run starts it again;
 * - `decided by the next run`: the session was lost, and the next run sees in the database what is there;
 * - `unknown`: some of it may be there, and a person must look.
 */
type Remains = 'nothing' | 'decided by the next run' | 'unknown';

/** A migration that failed. The message names the file, the statement, the cause and what to do. */
export class MigrationFailed extends Error {
  /** @param reason the sentence of describeFailure */
  constructor({ name }: Migration, reason: string, remains: Remains, cause: unknown) {
    const next = {
      nothing: 'Nothing of it was kept: correct the cause and deploy again',
      'decided by the next run': 'The session was lost; deploy again, and the run continues from what the database has',
      unknown: `Some of it may have been kept: compare the database with the file, correct it, then run "prisma migrate resolve --rolled-back ${name}" or "--applied ${name}"`,
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

/** Integrity constraint violations: their detail quotes a row, which may contain a customer's data or a credential. */
const CONSTRAINT_VIOLATION = /^23/;

function describeCause(cause: unknown): string {
  if (!(cause instanceof DatabaseError)) return cause instanceof Error ? cause.message : String(cause);
  const { code = 'unknown', message, detail, hint, table, column, constraint } = cause;
  const about = CONSTRAINT_VIOLATION.test(code)
    ? Object.entries({ table, column, constraint }).flatMap(([kind, name]) => (name ? [`${kind} ${name}`] : []))
    : [detail];
  return [`${message} (SQLSTATE ${code})`, ...about, hint].filter(Boolean).join('; ');
}
