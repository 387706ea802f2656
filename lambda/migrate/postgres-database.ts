import type { Client } from 'pg';

/** The role by which RDS Proxy watches its target, in the database postgres. RDS creates it when a proxy gets its target. */
const PROXY_ROLE = 'rdsproxyadmin';

interface PostgresDatabase {
  /** Whether this session may change who connects. */
  readonly owned: boolean;
  readonly open: boolean;
  readonly proxied: boolean;
}

/**
 * Lets nobody but the master and RDS Proxy connect to the database postgres, where PostgreSQL lets everybody in: with its own locks,
 * temporary files and large objects it would be a place without the limits of the application's database.
 *
 * RDS Proxy needs it: after a REVOKE its role must be granted CONNECT (RDS User Guide, "Adding a new database user to a PostgreSQL database
 * when using RDS Proxy"). The role does not exist before the proxy, which is created after the first migrations. Until then the database
 * stays open, or is opened for a proxy that is added later; the next run closes it. Unconfirmed: when exactly RDS creates the role.
 * @returns whether it is closed, as far as this session may close it
 */
export async function closePostgresDatabase(admin: Client, hasProxy: boolean): Promise<boolean> {
  const { rows } = await admin.query<PostgresDatabase>(
    `SELECT pg_has_role(datdba, 'USAGE') AS owned, has_database_privilege('public', datname, 'CONNECT') AS open,
            EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS proxied
       FROM pg_database WHERE datname = 'postgres'`,
    [PROXY_ROLE],
  );
  const [database] = rows;
  if (!database?.owned) return true;
  const { open, proxied } = database;
  if (hasProxy && !proxied) {
    if (!open) await admin.query('GRANT CONNECT ON DATABASE postgres TO PUBLIC');
    return false;
  }
  if (proxied) await admin.query(`GRANT CONNECT ON DATABASE postgres TO ${PROXY_ROLE}`);
  if (open) await admin.query('REVOKE ALL ON DATABASE postgres FROM PUBLIC');
  return true;
}
