import { Client, DatabaseError } from 'pg';
import type { Cluster, Login } from '../local-postgres/cluster';
import type { Check } from './report';

/** Replication, encryption and read-only replicas, as a client sees them. */
export async function checkCluster(cluster: Cluster): Promise<Check[]> {
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

/** Least privilege of the application's role, by a real log-in with its secret. */
export async function checkRoles(cluster: Cluster, appPassword: string): Promise<Check[]> {
  const login: Login = { user: 'app_user', password: appPassword };
  const client = await cluster.connect(cluster.primary, login);
  try {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM bookings');
    return [
      { name: 'app_user reads bookings', ok: rows.length === 1, detail: `${rows[0]?.count} rows` },
      await refusal('app_user cannot create tables', '42501', () => client.query('CREATE TABLE refused ()')),
      await refusal('app_user cannot touch the migration history', '42501', () =>
        client.query('SELECT FROM _prisma_migrations'),
      ),
    ];
  } finally {
    await client.end();
  }
}

/** Holds when the action fails with this SQLSTATE. */
async function refusal(name: string, sqlState: string, action: () => Promise<unknown>): Promise<Check> {
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
