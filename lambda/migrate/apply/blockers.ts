import type { Client } from 'pg';

interface Blocker {
  readonly pid: number;
  readonly application: string;
  readonly kind: string;
  readonly table: string;
  readonly since: Date | null;
  readonly queryStart: Date | null;
}

/** Sessions that hold a lock on a table that the statement names. Without their SQL, which may contain customers' data. */
const HOLDERS = `
  SELECT DISTINCT pid, application_name AS application, backend_type AS kind, relname AS table, xact_start AS since,
         query_start AS "queryStart"
    FROM pg_locks JOIN pg_class ON pg_class.oid = relation JOIN pg_stat_activity USING (pid)
   WHERE locktype = 'relation' AND granted AND pid <> pg_backend_pid() AND relname = ANY ($1)
     AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   ORDER BY xact_start LIMIT 3`;

/** Describes the sessions that hold the lock that a statement waited for, oldest first. They may have released it since. */
export async function describeBlockers(client: Client, statement: string): Promise<string> {
  const words = statement.match(/[\w$]+/g) ?? [];
  const { rows } = await client.query<Blocker>(HOLDERS, [[...words, ...words.map((word) => word.toLowerCase())]]);
  if (rows.length === 0) return 'the session that held the lock has released it since';
  return `blocked by ${rows.map(describe).join(', ')}; let it finish or end it with pg_terminate_backend`;
}

function describe({ pid, application, kind, table, since, queryStart }: Blocker): string {
  const who = kind === 'client backend' ? `application "${application}"` : kind;
  const times = `transaction since ${since?.toISOString()}, last statement since ${queryStart?.toISOString()}`;
  return `process ${pid} (${who}, a lock on ${table}, ${times})`;
}
