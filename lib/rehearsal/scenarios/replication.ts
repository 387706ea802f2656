import type { PostgresServer } from '../../local-postgres/server';
import type { FaultTarget, RepairFault, Scenario } from './scenario';

/** Time between two commits of keepWriting: a replica lags only while the primary commits. */
const WRITE_INTERVAL_MS = 200;

/** Every replica is killed: none receives WAL or accepts connections. */
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

/** A replica lags by two real seconds, which are two minutes of CloudWatch's clock. */
export function replicaDelayed(replica: PostgresServer): Scenario {
  return {
    alarms: [{ alert: 'PostgreSQLReplicationLag', server: replica.name }],
    mayFire: [{ alert: 'PostgreSQLConfigurationChanged', why: 'the fault is a changed setting' }],
    fault: `${replica.name} applied every change two real seconds late (recovery_min_apply_delay), then without delay again`,
    inject: async (target) => {
      const stopWriting = await keepWriting(target);
      await onReplica(target, replica, "ALTER SYSTEM SET recovery_min_apply_delay TO '2s'", 'SELECT pg_reload_conf()');
      return async () => {
        await onReplica(target, replica, 'ALTER SYSTEM RESET recovery_min_apply_delay', 'SELECT pg_reload_conf()');
        await stopWriting();
      };
    },
  };
}

/** A replica stops applying changes. */
export function replicaPaused(replica: PostgresServer): Scenario {
  return {
    alarms: [{ alert: 'PostgreSQLReplicationLagCritical', server: replica.name }],
    mayFire: [
      { alert: 'PostgreSQLReplicationLag', server: replica.name, why: 'the same lag passed the lower threshold' },
    ],
    fault: `${replica.name} stopped applying changes (pg_wal_replay_pause), then continued`,
    inject: async (target) => {
      const stopWriting = await keepWriting(target);
      await onReplica(target, replica, 'SELECT pg_wal_replay_pause()');
      return async () => {
        await onReplica(target, replica, 'SELECT pg_wal_replay_resume()');
        await stopWriting();
      };
    },
  };
}

async function onReplica({ cluster }: FaultTarget, replica: PostgresServer, ...statements: string[]): Promise<void> {
  const session = await cluster.connect(replica, cluster.superuser);
  try {
    for (const statement of statements) await session.query(statement);
  } finally {
    await session.end();
  }
}

/** Commits a transaction on the primary at short intervals. Returns a function that ends it. */
async function keepWriting({ cluster }: FaultTarget): Promise<RepairFault> {
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
