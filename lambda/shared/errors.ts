import { describeSqlState } from './sqlstates';

/** The fields of PostgreSQL's errors that may be repeated. */
interface PostgresError {
  readonly code: string;
  readonly severity: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly routine?: string;
}

/** Integrity constraint violations, whose fields name what was violated. */
const CONSTRAINT_VIOLATION = /^23/;
/** The function of PostgreSQL's sources in which RAISE fills the fields, with what its statement says. */
const RAISED = 'exec_stmt_raise';

/** Whether it is an error of PostgreSQL, of any copy of the driver. */
export function isPostgresError(error: unknown): error is Error & PostgresError {
  const { code, severity } = (error ?? {}) as Partial<PostgresError>;
  return error instanceof Error && typeof severity === 'string' && /^[0-9A-Z]{5}$/.test(code ?? '');
}

/**
 * An error as logs, events, reports and the migration history may tell it. Of PostgreSQL's errors only the SQLSTATE with its meaning and the
 * names of a violated constraint, its table and column: message, detail, hint and context may quote rows and values. Of others the
 * message, which this project, Node.js or the AWS SDK wrote.
 */
export function tell(error: unknown): string {
  if (!isPostgresError(error)) return error instanceof Error ? error.message : String(error);
  const { code, table, column, constraint, routine } = error;
  const names =
    CONSTRAINT_VIOLATION.test(code) && routine !== RAISED
      ? Object.entries({ table, column, constraint }).flatMap(([kind, name]) => (name ? [`; ${kind} ${name}`] : []))
      : [];
  return `SQLSTATE ${describeSqlState(code)}${names.join('')}`;
}

/**
 * An error that a handler may throw: Lambda writes its message and its fields to the log, and CloudFormation's events show the message. An
 * error of PostgreSQL is replaced by one that tells it; any other is returned as it is.
 */
export function tellable(error: unknown): Error {
  if (isPostgresError(error)) return new Error(`PostgreSQL refused it: ${tell(error)}`);
  return error instanceof Error ? error : new Error(String(error));
}

/** The code of an error of PostgreSQL or of the system, such as `42501` or `ECONNREFUSED`; the message of any other error. */
export function errorCode(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : tell(error);
}

/** The name of an error and what may be told of it. The AWS SDK's errors are identified by their names. */
export function nameAndMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${tell(error)}` : String(error);
}
