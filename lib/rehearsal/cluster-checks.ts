import { Client, DatabaseError } from 'pg';
import type { Address, Cluster, Login } from '../local-postgres/cluster';
import { APPLICATION_ROLE } from './deployed-migration';
import {
  APP_USER,
  CARE_USER,
  type DATABASE_ROLES,
  DBA_USER,
  DRILL_USER,
  METRICS_USER,
  READONLY_USER,
  RECOVERY_USER,
} from '../contract/roles';
import type { CheckResult } from './report';

/** Checks replication, encryption and that replicas are read-only, as a client sees them. */
export async function checkCluster(cluster: Cluster): Promise<CheckResult[]> {
  const admin = await cluster.connect(cluster.primary);
  try {
    const { rows } = await admin.query<{ name: string; encrypted: boolean; state: string }>(
      `SELECT application_name AS name, ssl AS encrypted, state
         FROM pg_stat_replication JOIN pg_stat_ssl USING (pid) ORDER BY 1`,
    );
    const streaming = rows.filter(({ encrypted, state }) => encrypted && state === 'streaming').map(({ name }) => name);
    return [
      {
        name: 'replicas stream over TLS',
        ok: streaming.length === cluster.replicas.length,
        detail: `${streaming.length} of ${cluster.replicas.length}`,
      },
      ...(await Promise.all(
        [cluster.primary, ...cluster.replicas].map((server) =>
          refusal(`a log-in without TLS on ${server.name} is refused`, '28000', () =>
            connectWithoutTls(server, cluster.master),
          ),
        ),
      )),
      ...(await Promise.all(
        cluster.replicas.map(async (replica) => {
          const client = await cluster.connect(replica);
          const check = await refusal(`a write on ${replica.name} is refused`, '25006', () =>
            client.query('CREATE TABLE refused ()'),
          );
          await client.end();
          return check;
        }),
      )),
    ];
  } finally {
    await admin.end();
  }
}

/** How long a session of a role may keep others waiting, as PostgreSQL prints it: a statement, a wait for a lock, an idle transaction. */
const LIMITS: Readonly<Record<(typeof DATABASE_ROLES)[number], readonly [string, string, string]>> = {
  [APP_USER]: ['30s', '10s', '1min'],
  [READONLY_USER]: ['5min', '10s', '5min'],
  [METRICS_USER]: ['10s', '2s', '1min'],
  [DRILL_USER]: ['10min', '30s', '1min'],
  [RECOVERY_USER]: ['15min', '30s', '1min'],
  [DBA_USER]: ['5min', '10s', '5min'],
  [CARE_USER]: ['2min', '2s', '1min'],
};
const LIMITED = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

/** Checks that no session of a role can keep others waiting for long: its limits, which the migrations set. */
export async function checkLimits(cluster: Cluster): Promise<CheckResult[]> {
  const admin = await cluster.connect(cluster.primary);
  try {
    const { rows } = await admin.query<{ role: string; settings: string[] }>(
      'SELECT rolname AS role, setconfig AS settings FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole WHERE setdatabase = 0',
    );
    return Object.entries(LIMITS).map(([role, limits]) => {
      const settings = rows.find((each) => each.role === role)?.settings ?? [];
      const found = LIMITED.map(
        (name) => settings.find((setting) => setting.startsWith(`${name}=`))?.split('=')[1] ?? 'none',
      );
      return {
        name: `${role} has limits for a statement, a wait for a lock, an idle transaction: ${limits.join(', ')}`,
        ok: found.join() === limits.join(),
        detail: found.join(', '),
      };
    });
  } finally {
    await admin.end();
  }
}

/** Checks the privileges of the application's role by a log-in with its secret. */
export async function checkApplicationRole(cluster: Cluster, password: string): Promise<CheckResult[]> {
  const login: Login = { user: APPLICATION_ROLE, password };
  const client = await cluster.connect(cluster.primary, login);
  try {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM bookings');
    return [
      { name: `${APPLICATION_ROLE} reads bookings`, ok: rows.length === 1, detail: `${rows[0]?.count} rows` },
      await refusal(`${APPLICATION_ROLE} cannot create tables`, '42501', () => client.query('CREATE TABLE refused ()')),
      await refusal(`${APPLICATION_ROLE} cannot read the migration history`, '42501', () =>
        client.query('SELECT FROM _prisma_migrations'),
      ),
    ];
  } finally {
    await client.end();
  }
}

/** Checks that an action fails with an SQLSTATE. */
async function refusal(name: string, sqlState: string, action: () => Promise<unknown>): Promise<CheckResult> {
  try {
    await action();
    return { name, ok: false, detail: 'it was allowed' };
  } catch (error) {
    const code = error instanceof DatabaseError ? error.code : String(error);
    return { name, ok: code === sqlState, detail: `SQLSTATE ${code}` };
  }
}

async function connectWithoutTls({ host, port }: Address, login: Login): Promise<void> {
  const client = new Client({ host, port, ...login, database: 'postgres', ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
}
