import { Client, DatabaseError } from 'pg';
import type { Cluster, Login } from '../local-postgres/cluster';
import { APPLICATION_ROLE } from './deployed-migration';
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
      await refusal('a log-in without TLS is refused', '28000', () => connectWithoutTls(cluster)),
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

async function connectWithoutTls({ primary, master }: Cluster): Promise<void> {
  const client = new Client({ host: primary.host, port: primary.port, ...master, database: 'postgres', ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
}
