import { escapeIdentifier } from 'pg';
import { Busy, closeGate, openGate, removeFence } from '../fence';
import { rowsOf, type Side } from '../session';

/** Longest wait for a lock before sessions are ended once more, milliseconds: longer than autovacuum takes to give way to it. */
const LOCK_MS = 1500;

/** How a database is frozen. */
export interface FreezeOptions {
  /** Tables of `public`; default: all tables of the database. */
  readonly tables?: readonly string[];
  /** New sessions are read-only as well, for all tables. */
  readonly readOnly: boolean;
  /** Longest time, seconds. */
  readonly seconds: number;
}

/**
 * Stops all writes of applications: new sessions are read-only, those that are open are ended, and a fence refuses a session that switches that
 * off. What was acknowledged before is in the tables; what was not is rolled back.
 * @returns the sessions that were ended, such as `app@10.0.0.7 (api), 12 sessions`
 * @throws Error with a sentence where a transaction cannot be ended
 */
export async function freeze(side: Side, { tables, readOnly, seconds }: FreezeOptions): Promise<string[]> {
  if (readOnly) await setReadOnly(side, true);
  const deadline = Date.now() + seconds * 1000;
  const ended: string[] = [];
  for (;;) {
    ended.push(...(await endSessions(side)));
    try {
      await closeGate(side, { ...(tables && { tables }), lockMs: LOCK_MS });
      break;
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      if (Date.now() > deadline)
        throw new Error(`the ${side.name} could not be closed within ${seconds} s: ${error.message}`, { cause: error });
    }
  }
  // Those that came in between were read-only or fenced off; they begin again as all others do.
  ended.push(...(await endSessions(side)));
  return counted(ended);
}

/** Lets applications write again. */
export async function thaw(side: Side): Promise<void> {
  await setReadOnly(side, false);
  await openGate(side);
  await removeFence(side);
}

/** Lets new sessions write where the gate is open. */
export function allowWrites(side: Side): Promise<void> {
  return setReadOnly(side, false);
}

/** Makes new sessions read-only, or as they were. */
async function setReadOnly(side: Side, on: boolean): Promise<void> {
  const database = escapeIdentifier(side.address.database);
  await side.client.query(
    `ALTER DATABASE ${database} ${on ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only'}`,
  );
}

/** Ends all sessions of clients in the database but this one; those of superusers only where the user may. */
async function endSessions(side: Side): Promise<string[]> {
  const rows = await rowsOf<{ who: string }>(
    side,
    // The list is complete before the first is ended: PostgreSQL may evaluate conditions in any order.
    `WITH others AS MATERIALIZED (
       SELECT pid, usename || '@' || coalesce(host(client_addr), 'local') || CASE application_name WHEN '' THEN '' ELSE ' (' || application_name || ')' END AS who
         FROM pg_stat_activity JOIN pg_roles ON pg_roles.oid = usesysid
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND (NOT rolsuper OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)))
     SELECT who, pg_terminate_backend(pid) FROM others`,
  );
  return rows.map(({ who }) => who);
}

function counted(names: readonly string[]): string[] {
  return [...new Set(names)].sort().map((name) => {
    const count = names.filter((each) => each === name).length;
    return `${name}, ${count} ${count === 1 ? 'session' : 'sessions'}`;
  });
}
