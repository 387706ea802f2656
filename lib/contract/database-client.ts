import { Client } from 'pg';

/** Address, login and limits of a session. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
  /** Name of the session in pg_stat_activity. */
  readonly applicationName: string;
  /** Limit of the time to log in. Default 5000. */
  readonly connectTimeoutMs?: number;
  /** Limit of the time to wait for the result of a query. Default: none. */
  readonly queryTimeoutMs?: number;
}

/**
 * Opens a session over TLS and verifies the server's certificate and name.
 * @throws the driver's error when the login fails
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  const { ca, applicationName, connectTimeoutMs = 5000, queryTimeoutMs, ...login } = options;
  const client = new Client({
    ...login,
    ssl: { ca, rejectUnauthorized: true },
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  });
  // Without a listener a lost connection would end the process; the next query reports it anyway.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
