import type { Client } from 'pg';
import type { ConnectOptions } from '../../contract/database-client';
import { APP_USER } from '../../contract/roles';
import type { Cluster, Login } from '../../local-postgres/cluster';
import { startPooler } from '../../local-postgres/pgbouncer';
import type { RunFolder } from '../../local-postgres/run-folder';
import { type ClientFigures, runClients } from './clients';
import type { PoolingReport } from './pooling-report';

/** Clients at the same time, as many as the owner's PgBouncer takes. */
const CLIENTS = 1000;
const SECONDS = 3;
/** Sessions of the pool with the server, as the owner's PgBouncer has. */
const POOL_SIZE = 25;
/** Set in each transaction and only for it: no other client may see it. */
const MARK = 'pooling.client';

/** Options of measurePooling. */
export interface PoolingOptions {
  readonly cluster: Cluster;
  readonly folder: RunFolder;
  readonly database: string;
  readonly applicationPassword: string;
  /** Default 1000. */
  readonly clients?: number;
  /** How long they work each way, seconds. Default 3. */
  readonly seconds?: number;
}

/**
 * Lets 1,000 clients log in as the application and look up salons, straight to the server and through PgBouncer in transaction mode, which
 * stands in for RDS Proxy.
 * @returns undefined where PgBouncer is not installed
 */
export async function measurePooling(options: PoolingOptions): Promise<PoolingReport | undefined> {
  const { cluster, folder, database, applicationPassword, clients = CLIENTS, seconds = SECONDS } = options;
  const application: Login = { user: APP_USER, password: applicationPassword };
  const pooler = await startPooler({ folder, cluster, database, logins: [application], poolSize: POOL_SIZE });
  if (!pooler) return undefined;
  const admin = await cluster.connect(cluster.primary);
  try {
    const { rows } = await admin.query<{ max: string }>(`SELECT current_setting('max_connections') AS max`);
    const run = async (address: { host: string; port: number }): Promise<ClientFigures> => {
      const login: ConnectOptions = {
        ...{ host: address.host, port: address.port },
        ...application,
        database,
        ca: cluster.ca,
        applicationName: 'pooling',
      };
      return runClients({ login, clients, seconds, transaction: lookUp, countSessions: () => countSessions(admin) });
    };
    // The pooler may hold one already, since it answered.
    const before = await countSessions(admin);
    const direct = await run(cluster.primary);
    await untilAtMost(before, admin);
    const pooled = await run(pooler);
    return {
      version: pooler.version,
      clients,
      poolSize: POOL_SIZE,
      maxConnections: Number(rows[0]?.max),
      direct,
      pooled,
    };
  } finally {
    await admin.end();
    pooler.stop();
  }
}

let lastMark = 0;

/**
 * A transaction as the application's: a setting for this transaction only, then a look-up.
 * @throws Error where a setting of another client's transaction is seen
 */
async function lookUp(client: Client): Promise<void> {
  const mark = String(++lastMark);
  await client.query('BEGIN');
  try {
    const before = await client.query<{ mark: string | null }>(`SELECT current_setting('${MARK}', true) AS mark`);
    if (before.rows[0]?.mark) throw new LeakedSetting();
    await client.query(`SELECT set_config('${MARK}', $1, true)`, [mark]);
    const { rows } = await client.query<{ mark: string }>(
      `SELECT current_setting('${MARK}') AS mark, (SELECT count(*) FROM salons WHERE phone_number_id = $1) AS salons`,
      [mark],
    );
    if (rows[0]?.mark !== mark) throw new LeakedSetting();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

class LeakedSetting extends Error {
  readonly code = 'a setting of another transaction';
}

async function countSessions(admin: Client): Promise<number> {
  const { rows } = await admin.query<{ sessions: number }>(
    'SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE usename = $1',
    [APP_USER],
  );
  return rows[0]?.sessions ?? 0;
}

/** The server ends a session some time after its client has gone. */
async function untilAtMost(sessions: number, admin: Client): Promise<void> {
  for (let i = 0; i < 100 && (await countSessions(admin)) > sessions; i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
