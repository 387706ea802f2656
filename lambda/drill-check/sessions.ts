import type { Client } from 'pg';
import { connect } from '../../lib/contract/database-client';
import type { CheckRole } from '../../lib/contract/roles';
import type { ServerAddress } from './env';

/** How the checks log in. */
export interface LoginOptions {
  readonly database: string;
  /** Certificates of the authorities to trust, PEM. */
  readonly ca: string;
  /** Password of a role on a server; on AWS an IAM token. */
  readonly password: (role: CheckRole, server: ServerAddress) => Promise<string>;
}

/** Logs in to a server as a role, does the work in the session and ends the session. */
export type WithSession = <T>(
  role: CheckRole,
  server: ServerAddress,
  work: (session: Client) => Promise<T>,
) => Promise<T>;

/** Sessions that log in as the options say. */
export function sessionsOf({ database, ca, password }: LoginOptions): WithSession {
  return async (role, server, work) => {
    const session = await connect({
      ...server,
      database,
      user: role,
      password: await password(role, server),
      ca,
      applicationName: 'restore drill',
      connectTimeoutMs: 10_000,
    });
    try {
      return await work(session);
    } finally {
      await session.end().catch(() => undefined);
    }
  };
}
