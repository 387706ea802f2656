import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, escapeLiteral } from 'pg';
import type { DatabaseRole } from '../contract/roles';
import type { Cluster } from '../local-postgres/cluster';

/** Longest wait for a replica. It takes milliseconds. */
const REPLAY_TIMEOUT_MS = 30_000;

/** A random password of 48 characters. */
export function randomPassword(): string {
  return randomBytes(24).toString('hex');
}

/** Sets a random password for a role that on AWS logs in with IAM tokens. Returns it when the replicas have it too. */
export async function setRolePassword(
  { connect, primary, replicas, superuser }: Cluster,
  role: DatabaseRole,
): Promise<string> {
  const password = randomPassword();
  const admin = await connect(primary);
  try {
    await admin.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(password)}`);
    const { rows } = await admin.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
    for (const replica of replicas) {
      const session = await connect(replica, superuser);
      try {
        await untilReplayed(session, replica.name, rows[0]?.lsn ?? '');
      } finally {
        await session.end();
      }
    }
  } finally {
    await admin.end();
  }
  return password;
}

async function untilReplayed(session: Client, replica: string, lsn: string): Promise<void> {
  const deadline = Date.now() + REPLAY_TIMEOUT_MS;
  while (!(await hasReplayed(session, lsn))) {
    if (Date.now() > deadline)
      throw new Error(`${replica} did not replay the WAL up to ${lsn} within ${REPLAY_TIMEOUT_MS / 1000} s`);
    await sleep(20);
  }
}

async function hasReplayed(session: Client, lsn: string): Promise<boolean> {
  const { rows } = await session.query<{ replayed: boolean }>('SELECT pg_last_wal_replay_lsn() >= $1 AS replayed', [
    lsn,
  ]);
  return rows[0]?.replayed === true;
}
