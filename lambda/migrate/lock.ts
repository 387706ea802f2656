import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/** The advisory lock of Prisma's migration engine: its runs and ours wait for each other. */
export const PRISMA_LOCK = 72707369;

/** Well inside the time that a deployment gives the migrations. */
const LONGEST_WAIT_MS = 5 * 60_000;
const POLL_MS = 250;

/**
 * Works while no other migration run does.
 *
 * Asks again and again instead of waiting inside PostgreSQL: a waiting statement holds a snapshot, for which an index built
 * concurrently by the run that has the lock would wait in turn.
 * @param waitMs how long to wait for the other run; default 5 minutes
 * @throws Error naming the session that has the lock when it is not free by then
 */
export async function withPrismaLock<T>(client: Client, work: () => Promise<T>, waitMs = LONGEST_WAIT_MS): Promise<T> {
  const deadline = Date.now() + waitMs;
  while (!(await tryLock(client))) {
    if (Date.now() >= deadline) {
      throw new Error(`another migration run holds the lock ${PRISMA_LOCK} for over ${waitMs / 1000} s (${await holder(client)}); let it finish or end that session, then run again`); // prettier-ignore
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    // A session that was lost has lost the lock too, and its error must not take the place of the reason.
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
  return session ? `process ${session.pid}, application "${session.application}"` : 'it has just let go';
}
