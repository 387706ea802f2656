import { DatabaseError } from 'pg';
import type { Migration } from '../../lib/contract/migrations';
import { isPostgresError, tell } from '../shared/errors';
import { locateStatement } from './apply/statements';
import { howToResolve } from './history';

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
      unknown: `Some of it may have been kept. ${howToResolve(name)}`,
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
  return `${name}/migration.sql failed at ${locateStatement(sql, completedStatements, position)}: ${tell(cause)}${adviceFor(cause)}`;
}

/** What to do about causes that lie in the server or the role, by SQLSTATE. Each completes a sentence that names the cause. */
const ADVICE: Readonly<Record<string, string>> = {
  '25006':
    'the server is a replica, default_transaction_read_only is on, or the file makes its own transaction read-only: migrate the primary, in a session that may write',
  '42501':
    'the role that migrates lacks a right that the statement needs: migrate as the master user, which owns the database, or grant it',
  '53100': 'the disk of the server is full: enlarge the storage, or free some, before the next run',
  '57P03':
    'the server starts, stops or recovers, as after a crash on a full disk: look at its free storage and its log, and deploy again once it takes connections',
};

/** The advice for a cause, with a semicolon before it; empty where there is none. */
export function adviceFor(cause: unknown): string {
  const advice = isPostgresError(cause) ? ADVICE[cause.code] : undefined;
  return advice === undefined ? '' : `; ${advice}`;
}
