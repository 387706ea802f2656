import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';
import type { FaultTarget, Scenario } from './scenario';

/** Longest time in which a server must accept log-ins again after a process of it was killed. */
const RECOVERY_MS = 10_000;
/** A byte in the rows of a page, behind its header of 24 bytes. */
const BYTE_OF_ROWS = 8000;

/**
 * A process of the primary dies, as when the operating system is out of memory. PostgreSQL then ends all sessions and recovers, but its main
 * process stays. There is nothing to repair: the alarm clears when the recovery is some minutes old.
 */
export const PROCESS_KILLED: Scenario = {
  alarms: [{ alert: 'PostgreSQLRestarted' }],
  fault: 'a process of the primary was killed (SIGKILL), so that it ended all sessions and recovered',
  inject: async (target) => {
    await killProcess(target);
    return () => Promise.resolve();
  },
};

/** A page of the primary is changed behind its back. */
export const DAMAGED_PAGE: Scenario = {
  alarms: [{ alert: 'PostgreSQLChecksumFailed' }],
  fault: 'a byte of a table’s file was changed and the table was read, then it was dropped',
  inject: async (target) => {
    await readDamagedPage(target);
    return async () => void (await target.admin.query('DROP TABLE rehearsed_damage'));
  },
};

/** Kills the process of a session on the primary, and waits until it has recovered and accepts log-ins again. */
export async function killProcess({ cluster }: Pick<FaultTarget, 'cluster'>): Promise<void> {
  const session = await cluster.connect(cluster.primary);
  session.on('error', () => undefined);
  const before = await checkpointerOf(session);
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = new Promise((resolve) => session.once('end', resolve));
  process.kill(rows[0]!.pid, 'SIGKILL');
  await ended;
  const deadline = Date.now() + RECOVERY_MS;
  for (;;) {
    const after = await checkpointerOfNextSession(cluster);
    if (after !== undefined && after !== before) return;
    if (Date.now() > deadline)
      throw new Error(`the primary did not recover within ${RECOVERY_MS / 1000} s after a process of it was killed`);
    await sleep(50);
  }
}

/** Undefined also while log-ins are refused. */
async function checkpointerOfNextSession(cluster: FaultTarget['cluster']): Promise<number | undefined> {
  try {
    const session = await cluster.connect(cluster.primary);
    return await checkpointerOf(session).finally(() => session.end());
  } catch {
    return undefined;
  }
}

/** Process id of the checkpointer, which every recovery starts again: before that, log-ins are still accepted. */
async function checkpointerOf(session: Client): Promise<number | undefined> {
  const { rows } = await session.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'",
  );
  return rows[0]?.pid;
}

/** Makes the table rehearsed_damage, changes a byte of its file and reads it. */
export async function readDamagedPage({ cluster, admin }: Pick<FaultTarget, 'cluster' | 'admin'>): Promise<void> {
  await admin.query("CREATE TABLE rehearsed_damage AS SELECT repeat('x', 1000) AS text FROM generate_series(1, 20)");
  // It writes the pages to a new file without keeping them in shared buffers, so the next read is from the file.
  await admin.query('VACUUM FULL rehearsed_damage');
  const { rows } = await admin.query<{ path: string }>("SELECT pg_relation_filepath('rehearsed_damage') AS path");
  const file = openSync(join(cluster.primary.dataFolder, rows[0]!.path), 'r+');
  try {
    writeSync(file, 'y', BYTE_OF_ROWS);
  } finally {
    closeSync(file);
  }
  await admin.query('SELECT count(text) FROM rehearsed_damage').then(
    () => Promise.reject(new Error('a damaged page was read without an error')),
    (error: unknown) => {
      if (!(error instanceof DatabaseError) || error.code !== 'XX001') throw error;
    },
  );
}
