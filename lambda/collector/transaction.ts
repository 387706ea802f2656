/** For a session, whose transactions can then only read unless they say otherwise. */
export const READ_ONLY = 'SET default_transaction_read_only = on';

/**
 * A statement that may write. Sent as one message, the two are one transaction, which ends with them also when they fail (PostgreSQL's
 * documentation, "Multiple Statements in a Simple Query").
 */
export function readWrite(sql: string): string {
  return `SET TRANSACTION READ WRITE; ${sql}`;
}
