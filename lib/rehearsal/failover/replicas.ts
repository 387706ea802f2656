import type { Client } from 'pg';
import type { Cluster } from '../../local-postgres/cluster';
import type { PostgresServer } from '../../local-postgres/server';
import { chooseReplica, type ReplicaPosition } from './choose-replica';
import { holdsWithin, untilHolds } from './until';

/** Longest time of each of these steps, seconds; each takes less than one. */
export const STEP_SECONDS = 30;

/** A replica with its position. */
export interface Candidate extends ReplicaPosition {
  readonly server: PostgresServer;
}

/** Does some work in a session of the superuser. */
export async function asSuperuser<Result>(
  { connect, superuser }: Cluster,
  server: PostgresServer,
  work: (session: Client) => Promise<Result>,
): Promise<Result> {
  const session = await connect(server, superuser);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/** Lets a replica follow another server, or nobody. */
async function point(cluster: Cluster, replica: PostgresServer, source: PostgresServer | undefined): Promise<void> {
  cluster.replication.point(replica, source);
  await asSuperuser(cluster, replica, (session) => session.query('SELECT pg_reload_conf()'));
}

/** Lets a replica receive nothing more. */
export async function cutOff(cluster: Cluster, replica: PostgresServer): Promise<void> {
  await point(cluster, replica, undefined);
  await asSuperuser(cluster, replica, (session) => untilCutOff(session, replica));
}

/** How far each replica has received the WAL of a primary that is down. */
export async function receivedWal(cluster: Cluster): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const server of cluster.replicas) {
    const received = await asSuperuser(cluster, server, async (session) => {
      // What it still holds in memory counts as received only when it has ended.
      await untilCutOff(session, server);
      const { rows } = await session.query<{ received: string }>('SELECT pg_last_wal_receive_lsn()::text AS received');
      return rows[0]?.received ?? '0/0';
    });
    candidates.push({ name: server.name, received, server });
  }
  return candidates;
}

function untilCutOff(session: Client, { name }: PostgresServer): Promise<void> {
  return untilHolds(STEP_SECONDS, `${name} did not stop receiving WAL`, async () => {
    const { rowCount } = await session.query('SELECT FROM pg_stat_wal_receiver');
    return rowCount === 0;
  });
}

/**
 * Promotes the replica that has received most. It gets the slots of the others first, so that it keeps the WAL that they lack.
 * @throws Error where it stays a replica
 */
export async function promote(cluster: Cluster, candidates: readonly Candidate[]): Promise<PostgresServer> {
  const { server: promoted } = chooseReplica(candidates);
  await asSuperuser(cluster, promoted, async (session) => {
    for (const { server } of candidates) if (server !== promoted) await cluster.replication.addSlot(session, server);
    // Waits until it accepts writes, or the time is over.
    const { rows } = await session.query<{ done: boolean }>('SELECT pg_promote(true, $1) AS done', [STEP_SECONDS]);
    if (rows[0]?.done !== true) throw new Error(`${promoted.name} was not promoted within ${STEP_SECONDS} s`);
  });
  return promoted;
}

/** Points a running replica to a new primary. False where it does not catch up with it in time. */
export async function follow(cluster: Cluster, promoted: PostgresServer, replica: PostgresServer): Promise<boolean> {
  await point(cluster, replica, promoted);
  return catchesUp(cluster, promoted, replica);
}

/** Whether a replica streams from a primary, and replays all that the primary has now, in time. */
export function catchesUp(cluster: Cluster, primary: PostgresServer, replica: PostgresServer): Promise<boolean> {
  return asSuperuser(cluster, primary, (source) =>
    asSuperuser(cluster, replica, async (standby) => {
      const { rows } = await source.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
      return holdsWithin(STEP_SECONDS, async () => {
        const { rowCount: streaming } = await source.query(
          `SELECT FROM pg_stat_replication WHERE application_name = $1 AND state = 'streaming'`,
          [replica.name],
        );
        const { rowCount: replayed } = await standby.query('SELECT WHERE pg_last_wal_replay_lsn() >= $1', [
          rows[0]?.lsn,
        ]);
        return streaming === 1 && replayed === 1;
      });
    }),
  );
}

/** Number of replication slots of a primary that no replica uses. */
export function countUnusedSlots(cluster: Cluster, primary: PostgresServer): Promise<number> {
  return asSuperuser(cluster, primary, async (session) => {
    const { rowCount } = await session.query('SELECT FROM pg_replication_slots WHERE NOT active');
    return rowCount ?? 0;
  });
}
