import { Client } from 'pg';

/** Where and as whom to log in. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
  /** How the session shows in pg_stat_activity. */
  readonly applicationName: string;
  /** Longest time to wait for the log-in. Default 5000. */
  readonly connectTimeoutMs?: number;
  /** Longest time to wait for the answer to a query. Default: none. */
  readonly queryTimeoutMs?: number;
}

/**
 * A session over TLS, with the server's certificate and name verified.
 * @throws the driver's error when the log-in fails
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
  // Without a listener a server that goes away would end the process; the next query reports it anyway.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
