import { type Client, DatabaseError } from 'pg';
import type { Cluster } from '../../local-postgres/cluster';
import type { Scenario } from './scenario';

/** Sessions that log in at the same time. More would only wait for this machine's few cores. */
const LOGINS_AT_ONCE = 10;

/** Over 80 % of the connections are in use, sixty of them idle in a transaction. */
export const CONNECTIONS: Scenario = {
  alarms: [
    { alert: 'PostgreSQLTooManyConnections', server: 'primary' },
    { alert: 'PostgreSQLConnectionPoolExhausted' },
  ],
  fault: 'over 80 % of the connections were opened, sixty of them left idle in a transaction, then closed',
  inject: async ({ cluster, admin }) => {
    const { rows } = await admin.query<{ wanted: number }>(
      `SELECT ceil(0.8 * current_setting('max_connections')::int)::int + 3 AS wanted`,
    );
    const sessions = await openSessions(cluster, rows[0]?.wanted ?? 0);
    await Promise.all(sessions.slice(0, 60).map((session) => session.query('BEGIN; SELECT 1')));
    return async () => void (await Promise.all(sessions.map((session) => session.end())));
  },
};

/** A transaction stays open. Its alarm takes as many minutes of CloudWatch's clock to fire as the alert says. */
export const LONG_TRANSACTION: Scenario = {
  alarms: [{ alert: 'PostgreSQLHighQueryDuration', server: 'primary' }],
  fault: 'a transaction was left open, then ended',
  inject: async ({ cluster }) => {
    const session = await cluster.connect(cluster.primary);
    await session.query('BEGIN; SELECT count(*) FROM salons');
    return () => session.end();
  },
};

/** Faults inside the primary that need no particular pace. */
export const SERVER_SCENARIOS: readonly Scenario[] = [
  {
    alarms: [{ alert: 'PostgreSQLDeadlocks' }],
    fault: 'two transactions each waited for a row that the other had locked',
    inject: async ({ cluster, admin }) => {
      await admin.query(
        'CREATE TABLE rehearsed_locks (id int PRIMARY KEY); INSERT INTO rehearsed_locks VALUES (1), (2)',
      );
      const sessions = await openSessions(cluster, 2);
      const lock = (id: number) => `SELECT FROM rehearsed_locks WHERE id = ${id} FOR UPDATE`;
      await Promise.all(sessions.map((session, i) => session.query(`BEGIN; ${lock(i + 1)}`)));
      const outcomes = await Promise.allSettled(sessions.map((session, i) => session.query(lock(2 - i))));
      if (!outcomes.some(({ status }) => status === 'rejected'))
        throw new Error('the two transactions did not deadlock');
      // Without this call a session reports its counters with a delay.
      for (const session of sessions) await session.query('ROLLBACK; SELECT pg_stat_force_next_flush()');
      return async () => {
        await Promise.all(sessions.map((session) => session.end()));
        await admin.query('DROP TABLE rehearsed_locks');
      };
    },
  },
  {
    alarms: [{ alert: 'PostgreSQLSessionsBlocked' }],
    fault: 'seven sessions waited for a row that another had locked, until that one was ended',
    inject: async ({ cluster, admin }) => {
      await admin.query('CREATE TABLE rehearsed_queue (id int); INSERT INTO rehearsed_queue VALUES (1)');
      const [holder, ...others] = await openSessions(cluster, 8);
      const lock = 'SET lock_timeout = 0; BEGIN; SELECT FROM rehearsed_queue FOR UPDATE; COMMIT';
      await holder!.query('BEGIN; SELECT FROM rehearsed_queue FOR UPDATE');
      const waiting = others.map((session) => session.query(lock));
      return async () => {
        await holder!.end();
        await Promise.all(waiting);
        await Promise.all(others.map((session) => session.end()));
        await admin.query('DROP TABLE rehearsed_queue');
      };
    },
  },
  {
    alarms: [{ alert: 'PostgreSQLConfigurationChanged' }],
    fault: 'ALTER SYSTEM changed a setting',
    inject: async ({ superuser }) => {
      await alterSystem(superuser, "SET log_min_duration_statement TO '2s'");
      return () => alterSystem(superuser, 'RESET log_min_duration_statement');
    },
  },
  {
    alarms: [{ alert: 'PostgreSQLParametersPending' }],
    fault: 'a setting that needs a restart was changed, then changed back',
    inject: async ({ superuser }) => {
      const { rows } = await superuser.query<{ setting: string }>(
        "SELECT current_setting('superuser_reserved_connections') AS setting",
      );
      const before = Number(rows[0]?.setting);
      await alterSystem(superuser, `SET superuser_reserved_connections TO ${before + 1}`);
      // Not RESET: PostgreSQL also counts a value that was removed from the file as a pending change.
      return () => alterSystem(superuser, `SET superuser_reserved_connections TO ${before}`);
    },
  },
  {
    alarms: [{ alert: 'PostgreSQLInvalidIndex' }],
    fault: 'a unique index was built concurrently over duplicates, which leaves it invalid, then its table was dropped',
    inject: async ({ admin }) => {
      await admin.query(
        'CREATE TABLE rehearsed_duplicates (value int); INSERT INTO rehearsed_duplicates VALUES (1), (1)',
      );
      const build = admin.query('CREATE UNIQUE INDEX CONCURRENTLY rehearsed_unique ON rehearsed_duplicates (value)');
      await build.then(
        () => Promise.reject(new Error('the unique index was built although there are duplicates')),
        () => undefined,
      );
      return async () => void (await admin.query('DROP TABLE rehearsed_duplicates'));
    },
  },
  {
    alarms: [{ alert: 'PostgreSQLTableBloat' }],
    fault: 'half of a table’s rows were deleted with autovacuum off, then the table was dropped',
    inject: async ({ admin }) => {
      await admin.query('CREATE TABLE rehearsed_bloat (id int) WITH (autovacuum_enabled = off)');
      await admin.query('INSERT INTO rehearsed_bloat SELECT generate_series(1, 40000)');
      await admin.query('DELETE FROM rehearsed_bloat WHERE id % 2 = 0');
      await admin.query('SELECT pg_stat_force_next_flush()');
      return async () => void (await admin.query('DROP TABLE rehearsed_bloat'));
    },
  },
];

/** Log-ins with wrong passwords. There is nothing to repair: the alarm clears when they stop. */
export const REFUSED_LOGINS: Scenario = {
  alarms: [{ alert: 'PostgreSQLUnauthorizedAccessAttempts' }],
  fault: 'fifteen log-ins with a wrong password were refused',
  inject: async ({ cluster }) => {
    for (let i = 0; i < 15; i++) {
      await cluster.connect(cluster.primary, { user: 'app_user', password: 'guessed' }).then(
        () => Promise.reject(new Error('a log-in with a wrong password was accepted')),
        (error: unknown) => {
          if (!(error instanceof DatabaseError) || error.code !== '28P01') throw error;
        },
      );
    }
    return () => Promise.resolve();
  },
};

/** A person logs in as the master user. There is nothing to repair: the alarm clears when nobody else does. */
export const MASTER_LOGIN: Scenario = {
  alarms: [{ alert: 'PostgreSQLMasterLogin' }],
  fault: 'somebody logged in as the master user, not as the migrations do',
  inject: async ({ cluster }) => {
    const session = await cluster.connect(cluster.primary);
    await session.end();
    return () => Promise.resolve();
  },
};

/** The collector is stopped. */
export const COLLECTOR_STOPPED: Scenario = {
  alarms: [{ alert: 'PostgreSQLMetricsMissing' }],
  fault: 'the collector was no longer called, then called again',
  inject: (_, monitoring) => {
    monitoring.collecting = false;
    return Promise.resolve(() => {
      monitoring.collecting = true;
      return Promise.resolve();
    });
  },
};

/** The primary is killed. */
export const PRIMARY_KILLED: Scenario = {
  alarms: [{ alert: 'PostgreSQLDown', server: 'primary' }],
  mayFire: [{ alert: 'PostgreSQLConfigurationChanged', why: 'a restart applies the settings that waited for it' }],
  fault: 'the primary was killed (SIGKILL) and started again',
  inject: async ({ cluster }) => {
    await cluster.primary.kill();
    return () => cluster.primary.start();
  },
};

async function openSessions(cluster: Cluster, count: number): Promise<Client[]> {
  const sessions: Client[] = [];
  while (sessions.length < count) {
    const batch = Math.min(LOGINS_AT_ONCE, count - sessions.length);
    sessions.push(...(await Promise.all(Array.from({ length: batch }, () => cluster.connect(cluster.primary)))));
  }
  return sessions;
}

async function alterSystem(superuser: Client, change: string): Promise<void> {
  await superuser.query(`ALTER SYSTEM ${change}`);
  await superuser.query('SELECT pg_reload_conf()');
}
