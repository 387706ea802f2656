import { type Client, DatabaseError, type QueryResultRow } from 'pg';
import type { Check, Finding } from './check';
import { notSeen } from './check';
import { type Facts, Unseen } from './database';

/** Longest time of one statement of a check. */
const STATEMENT_TIMEOUT = '5s';
/** Longest wait for a lock: a check must not queue before the application. */
const LOCK_TIMEOUT = '500ms';

/**
 * A transaction that can change nothing, waits for nothing long, and finds no object of the user by an unqualified name. One statement,
 * so that it also works through a pooler which gives out sessions by transaction.
 */
const BEGIN = `BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL statement_timeout = '${STATEMENT_TIMEOUT}'; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}';
  SET LOCAL search_path = pg_catalog, pg_temp`;

/** What an SQLSTATE means here, and what to do. */
const UNREADABLE: Readonly<Record<string, readonly [found: string, action: string]>> = {
  '57014': [`the answer took longer than ${STATEMENT_TIMEOUT}`, 'start this again when the server has less to do'],
  '55P03': [`a lock kept it waiting for ${LOCK_TIMEOUT}`, 'start this again when no migration runs'],
};

/** Runs checks one after another, each in a transaction of its own. */
export class Session {
  /** Why the server is not asked any more. */
  private lost: string | undefined;

  constructor(private readonly client: Client) {}

  /**
   * What is known before any check.
   * @throws Error with a sentence where the server does not know what every PostgreSQL knows
   */
  async facts(): Promise<Facts> {
    try {
      return await this.transaction(() => readFacts(this.client));
    } catch (error) {
      throw new Error(
        `the server answers, but not as PostgreSQL 10 or later does (${codeOf(error)}); connect to a database of PostgreSQL, not to the console of a pooler`,
        { cause: error },
      );
    }
  }

  /** What a check finds. What cannot be read is a finding, so that the next check runs. */
  async judge(check: Check, facts: Facts, now: Date): Promise<Finding> {
    if (this.lost !== undefined) return notSeen(this.lost, 'start this again');
    const rows = async <T extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await this.client.query<T>(sql, [...values])).rows;
    try {
      return onOneLine(await this.transaction(() => check.judge({ facts, now, rows })));
    } catch (error) {
      return this.unread(error, check, facts);
    }
  }

  /** Ends the session; it does not wait for a server that is silent. */
  async end(): Promise<void> {
    await Promise.race([this.client.end().catch(() => undefined), new Promise((end) => setTimeout(end, 1000).unref())]);
  }

  private async transaction<T>(action: () => Promise<T>): Promise<T> {
    await this.client.query(BEGIN);
    try {
      const result = await action();
      await this.client.query('ROLLBACK');
      return result;
    } catch (error) {
      // A server that is silent would let this wait as long again.
      if (error instanceof DatabaseError || error instanceof Unseen) await this.client.query('ROLLBACK');
      throw error;
    }
  }

  private unread(error: unknown, { right }: Check, { user }: Facts): Finding {
    if (error instanceof Unseen) return notSeen(error.message, error.action);
    if (!(error instanceof DatabaseError) || /^(57P0|08)/.test(error.code ?? '')) {
      this.lost = `the server stopped answering (${codeOf(error)})`;
      return notSeen(this.lost, 'check whether the server still runs, and start this again');
    }
    const [found, action] = UNREADABLE[error.code ?? ''] ?? [];
    if (error.code === '42501')
      return notSeen(`${user} may not read it`, `needs ${right ?? 'a role with more rights'}`);
    return notSeen(found ?? `this server cannot answer it (SQLSTATE ${error.code})`, action ?? 'look at it by hand');
  }
}

/** Names of a database may contain anything, also what moves the cursor of a terminal. */
function onOneLine(finding: Finding): Finding {
  return { ...finding, found: finding.found.replaceAll(/\p{C}/gu, '?') };
}

function codeOf(error: unknown): string {
  if (error instanceof DatabaseError) return `SQLSTATE ${error.code}`;
  const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
  return code ?? (/timeout/.test(message) ? 'no answer in time' : 'the connection ended');
}

async function readFacts(client: Client): Promise<Facts> {
  const { rows } = await client.query<Omit<Facts, 'pooled' | 'version'> & { version: string; pid: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS "versionNumber",
            pg_is_in_recovery() AS "isStandby", current_user::text AS "user", current_database()::text AS database,
            pg_has_role('pg_read_all_stats', 'USAGE') AS "seesSessions", pg_backend_pid() AS pid,
            CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_superuser') THEN 'Amazon RDS'
                 WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'cloudsqlsuperuser') THEN 'Google Cloud SQL'
                 WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = 'azure_pg_admin') THEN 'Azure Database' END AS vendor`,
  );
  const [row] = rows;
  if (!row) throw new Error('the server sent no row');
  const { pid, version, vendor, ...facts } = row;
  // PgBouncer gives its clients process ids of its own; that RDS Proxy does so is unconfirmed.
  const given = (client as unknown as { readonly processID: number | null }).processID;
  return {
    ...facts,
    version: version.split(' ')[0] ?? version,
    vendor: vendor ?? undefined,
    pooled: given !== null && given !== pid,
  };
}
