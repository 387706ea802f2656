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
 * It polls instead of waiting inside PostgreSQL: a waiting statement holds a snapshot, and a concurrent index build of the run that holds
 * the lock would wait for that snapshot.
 * @param waitMs how long to wait for the other run; default 5 minutes
 * @throws Error with the session that holds the lock when the lock is not free by then
 */
export async function withPrismaLock<T>(client: Client, work: () => Promise<T>, waitMs = LONGEST_WAIT_MS): Promise<T> {
  const deadline = Date.now() + waitMs;
  while (!(await tryLock(client))) {
    if (Date.now() >= deadline) {
      throw new Error(
        `another migration run has held the lock ${PRISMA_LOCK} for over ${waitMs / 1000} s (${await holder(client)}); let it finish or end that session, then run again`,
      );
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    // A lost session has lost the lock too, and the error of this query must not replace the reason.
    await client.query('SELECT pg_advisory_unlock($1)', [PRISMA_LOCK]).catch(() => undefined);
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [PRISMA_LOCK]);
  return rows[0]?.locked === true;
}

async function holder(client: Client): Promise<string> {
  const { rows } = await client.query<{ pid: number; application: string }>(
    `SELECT pid, application_name AS application FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1 AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [PRISMA_LOCK],
  );
  const [session] = rows;
  return session ? `process ${session.pid}, application "${session.application}"` : 'it has just released it';
}
