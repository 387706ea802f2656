import { DatabaseError } from 'pg';
import type { Migration } from '../../lib/contract/migrations';
import { tell } from '../shared/errors';
import { locateStatement } from './apply/statements';

/**
 * What a failed migration left in the database:
 * - `nothing`: the next run starts it again;
 * - `decided by the next run`: the session was lost, and the next run sees in the database what is there;
 * - `unknown`: some of it may be there, and a person must look.
 */
type Remains = 'nothing' | 'decided by the next run' | 'unknown';

/** A migration that failed. The message names the file, the statement, the cause and what to do. It has no `cause`, which would be logged. */
export class MigrationFailed extends Error {
  /** @param reason the sentence of describeFailure */
  constructor({ name }: Migration, reason: string, remains: Remains) {
    const next = {
      nothing: 'Nothing of it was kept: correct the cause and deploy again',
      'decided by the next run': 'The session was lost; deploy again, and the run continues from what the database has',
      unknown: `Some of it may have been kept: compare the database with the file, correct it, then run "prisma migrate resolve --rolled-back ${name}" or "--applied ${name}"`,
    }[remains];
    super(`${reason}. ${next}`);
    this.name = 'MigrationFailed';
  }
}

/**
 * The first sentence of a failure: file, statement, and what may be told of PostgreSQL's reason. Its text stays out of CloudFormation's events,
 * the function's log and the migration history, because it may quote rows and values.
 */
export function describeFailure({ name, sql }: Migration, completedStatements: number, cause: unknown): string {
  const position = cause instanceof DatabaseError && cause.position ? Number(cause.position) : undefined;
  return `${name}/migration.sql failed at ${locateStatement(sql, completedStatements, position)}: ${tell(cause)}`;
}
