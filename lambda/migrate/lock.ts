import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/** The advisory lock of Prisma's migration engine: its runs and the runs of this function wait for each other. */
const PRISMA_LOCK = 72707369;

/** Well within the 14 minutes of the function. */
const LONGEST_WAIT_MS = 5 * 60_000;
const POLL_MS = 250;

/**
 * Does the work while it holds the lock, so that no other migration run works at the same time.
 *
 * Every role may take an advisory lock, but only a role that may create tables can be migrating: sessions of other roles that hold the lock
 * are ended, so that they cannot stop a deployment. It polls instead of waiting inside PostgreSQL: a waiting statement holds a snapshot,
 * and a concurrent index build of the run that holds the lock would wait for that snapshot.
 * @param work receives a description of every session that was ended
 * @param waitMs how long to wait for the other run; default 5 minutes
 * @throws Error with the sessions that hold the lock when the lock is not free by then
 */
export async function withPrismaLock<T>(
  client: Client,
  work: (ended: readonly string[]) => Promise<T>,
  waitMs = LONGEST_WAIT_MS,
): Promise<T> {
  const deadline = Date.now() + waitMs;
  const ended: string[] = [];
  while (!(await tryLock(client))) {
    const holders = await readHolders(client);
    if (Date.now() >= deadline) {
      throw new Error(
        `another migration run has held the lock ${PRISMA_LOCK} for over ${waitMs / 1000} s (${holders.map(describe).join('; ') || 'it has just released it'}); let it finish or end that session, then run again`,
      );
    }
    for (const holder of holders.filter(({ migrates }) => !migrates)) {
      await client.query('SELECT pg_terminate_backend($1)', [holder.pid]);
      ended.push(describe(holder));
    }
    await sleep(POLL_MS);
  }
  try {
    return await work(ended);
  } finally {
    // A lost session has lost the lock too, and the error of this query must not replace the reason.
    await client.query('SELECT pg_advisory_unlock($1)', [PRISMA_LOCK]).catch(() => undefined);
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [PRISMA_LOCK]);
  return rows[0]?.locked === true;
}

/** A session that holds the lock, or waits for it. */
interface Holder {
  readonly pid: number;
  readonly role: string;
  readonly application: string;
  /** Whether its role may create tables in public, so that it may be a migration run. */
  readonly migrates: boolean;
}

/** The sessions that hold the lock, and those of roles that cannot migrate that wait for it: they would be the next to hold it. */
async function readHolders(client: Client): Promise<Holder[]> {
  const { rows } = await client.query<Holder>(
    `SELECT * FROM (
       SELECT DISTINCT pid, usename AS role, application_name AS application, granted,
              has_schema_privilege(usesysid, 'public', 'CREATE') AS migrates
         FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND objsubid = 1
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS sessions
      WHERE granted OR NOT migrates`,
    [PRISMA_LOCK],
  );
  return rows;
}

function describe({ pid, role, application }: Holder): string {
  return `process ${pid} of ${role}, application "${application}"`;
}

/**
 * Takes the lock again where the session no longer holds it, because a migration has released it.
 * @throws Error when another run has taken it meanwhile
 */
export async function relock(client: Client): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
       AND classid = 0 AND objid = $1 AND objsubid = 1) AS held`,
    [PRISMA_LOCK],
  );
  if (rows[0]?.held || (await tryLock(client))) return;
  throw new Error(
    `the migration before this one released the lock ${PRISMA_LOCK} of this run, and another run has taken it; remove pg_advisory_unlock from the file, and run again when the other run is done`,
  );
}
