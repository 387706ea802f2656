/**
 * The code of an error of PostgreSQL or of the system, such as `42501` or `ECONNREFUSED`; the message of any other error. Safe for
 * logs: PostgreSQL's own messages may quote data, its codes do not.
 */
export function errorCode(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return String(code ?? message ?? error);
}

/** The name and message of an error. The AWS SDK's errors are identified by their names. */
export function nameAndMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
