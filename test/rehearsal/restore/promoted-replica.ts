import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Cluster } from '../../../lib/local-postgres/cluster';

/**
 * Promotes the first replica when it has replayed everything: it stands in for a restored instance, as a physical copy of the primary
 * that is independent from then on. Returns a session of the superuser on it.
 */
export async function promoteReplica({ replicas, connect, superuser }: Cluster, admin: Client): Promise<Client> {
  const replica = replicas[0]!;
  const { rows: lsn } = await admin.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
  const standby = await connect(replica, superuser);
  while (!(await hasReplayed(standby, lsn[0]!.lsn))) await sleep(20);
  await standby.query('SELECT pg_promote()');
  await standby.end();
  return connect(replica, superuser);
}

async function hasReplayed(standby: Client, lsn: string): Promise<boolean> {
  const { rows } = await standby.query<{ replayed: boolean }>('SELECT pg_last_wal_replay_lsn() >= $1 AS replayed', [
    lsn,
  ]);
  return rows[0]?.replayed === true;
}
