import type { PostgresServer } from '../../local-postgres/server';
import type { Repair, Scenario, Stage } from './scenario';

/** Between two rows that are written so that there is something to be behind with. */
const WRITE_INTERVAL_MS = 200;

/** Every replica is killed: nobody fetches WAL, nobody answers. */
export function replicasKilled(replicas: readonly PostgresServer[]): Scenario {
  return {
    alarms: [
      { alert: 'PostgreSQLReplicaBroken' },
      { alert: 'PostgreSQLReplicationSlotInactive' },
      ...replicas.map(({ name }) => ({ alert: 'PostgreSQLDown', server: name })),
    ],
    fault: 'every replica was killed (SIGKILL) and started again',
    inject: async () => {
      await Promise.all(replicas.map((replica) => replica.kill()));
      return async () => void (await Promise.all(replicas.map((replica) => replica.start())));
    },
  };
}

/** A replica that stays two real seconds behind: two minutes on the alarms' clock. */
export function replicaDelayed(replica: PostgresServer): Scenario {
  return {
    alarms: [{ alert: 'PostgreSQLReplicationLag', server: replica.name }],
    fault: `${replica.name} applied every change two real seconds late (recovery_min_apply_delay), then at once again`,
    inject: async (stage) => {
      const stopWriting = await keepWriting(stage);
      await onReplica(stage, replica, "ALTER SYSTEM SET recovery_min_apply_delay TO '2s'", 'SELECT pg_reload_conf()');
      return async () => {
        await onReplica(stage, replica, 'ALTER SYSTEM RESET recovery_min_apply_delay', 'SELECT pg_reload_conf()');
        await stopWriting();
      };
    },
  };
}

/** A replica that stops to apply changes. */
export function replicaPaused(replica: PostgresServer): Scenario {
  return {
    alarms: [{ alert: 'PostgreSQLReplicationLagCritical', server: replica.name }],
    fault: `${replica.name} stopped applying changes (pg_wal_replay_pause), then went on`,
    inject: async (stage) => {
      const stopWriting = await keepWriting(stage);
      await onReplica(stage, replica, 'SELECT pg_wal_replay_pause()');
      return async () => {
        await onReplica(stage, replica, 'SELECT pg_wal_replay_resume()');
        await stopWriting();
      };
    },
  };
}

async function onReplica({ cluster }: Stage, replica: PostgresServer, ...statements: string[]): Promise<void> {
  const session = await cluster.connect(replica, cluster.superuser);
  try {
    for (const statement of statements) await session.query(statement);
  } finally {
    await session.end();
  }
}

/** Commits something on the primary again and again. */
async function keepWriting({ cluster }: Stage): Promise<Repair> {
  const session = await cluster.connect(cluster.primary);
  const timer = setInterval(
    () => void session.query('SELECT pg_current_xact_id()').catch(() => undefined),
    WRITE_INTERVAL_MS,
  );
  return async () => {
    clearInterval(timer);
    await session.end();
  };
}
