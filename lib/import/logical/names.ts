import type { Target } from '../../shared/connection/target';
import type { HostPort } from '../plan/reach';

/** Publication in the source, subscription in the target and their slot in the source. */
export const MOVING_IN = 'moving_in';
/** The same for the way back: publication and slot in the target, subscription in the source. */
export const MOVING_BACK = 'moving_back';

/** Where the stream of a subscription comes from. */
export interface StreamAddress {
  readonly login: Target;
  /** As the other server reaches it. */
  readonly at: HostPort;
}

/**
 * A connection string of libpq, with the password in it: never log it or show it.
 * @throws Error where there is no password: the server that subscribes has no password file of the user
 */
export function connectionString({ login, at }: StreamAddress, name: string): string {
  const { user, database, password, sslMode } = login;
  if (password === undefined)
    throw new Error(
      `the stream needs the password of ${user} at ${at.host}; give it by a file, a secret or the environment: a password file of libpq on this machine is of no use to the other server`,
    );
  const values = {
    host: at.host,
    port: String(at.port),
    dbname: database,
    user,
    password,
    // A file with certificates is on this machine, not on the server that subscribes.
    sslmode: sslMode.startsWith('verify-') ? 'require' : sslMode,
    application_name: name,
    connect_timeout: '10',
    keepalives_idle: '10',
    keepalives_interval: '5',
    keepalives_count: '3',
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}='${value.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`)
    .join(' ');
}
