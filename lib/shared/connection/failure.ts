import { DatabaseError } from 'pg';
import type { Target } from './target';

/** Sentences by SQLSTATE (PostgreSQL, "Appendix A. PostgreSQL Error Codes"). */
const REFUSALS: Readonly<Record<string, (target: Target) => string>> = {
  '28P01': ({ user }) => `it refuses the password of ${user}; check PGPASSWORD, --password-file or the address`,
  '28000': ({ user, database }) =>
    `it lets ${user} not log in to ${database} from here (pg_hba.conf, or there is no such role); add sslmode=require to the address if it is without TLS`,
  '3D000': ({ database }) => `it has no database ${database}; list them with psql -l`,
  '42501': ({ user, database }) => `${user} may not connect to ${database}; needs GRANT CONNECT ON DATABASE`,
  '53300': () => 'all its connections are taken; this is a finding in itself: use a pooler, or raise max_connections',
  '57P03': () => 'it is starting, or shutting down; start this again in a minute',
};

/** Sentences by the code of an error of the network or of TLS in Node.js. */
const NETWORK: readonly (readonly [codes: RegExp, sentence: string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the name of the host is not known here; check its spelling, the network and the VPN'],
  [/^ECONNREFUSED$/, 'nothing listens there; check host and port, and whether the server runs'],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'the host cannot be reached; check the network, the VPN, firewalls and security groups',
  ],
  [/^(ECONNRESET|EPIPE)$/, 'the connection was closed during the log-in; check that PostgreSQL listens there'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its certificate is for another host name; use the name in the certificate'],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired; renew it'],
  [
    /^(SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO|CERT_)/,
    'no authority that is trusted here has signed its certificate; name the file of its authority with sslrootcert=',
  ],
  [
    /^(EPROTO|ERR_SSL_)/,
    'no TLS session can be agreed on; check that PostgreSQL listens there, and that it accepts TLS 1.2',
  ],
];

/** Sentences by the driver's own messages, which have no code (lib/client.js, lib/connection.js and crypto/sasl.js of pg 8). */
const DRIVER: readonly (readonly [message: RegExp, sentence: string])[] = [
  [/does not support SSL/, 'it does not offer TLS, which sslmode demands; this is a finding in itself: switch ssl on'],
  [/error establishing an SSL/, 'what listens there does not speak as PostgreSQL does; check the port'],
  [/client password must be/, 'it wants a password, and there is none; set PGPASSWORD or use --password-file'],
  [/terminated unexpectedly/, 'the connection was closed during the log-in; check that PostgreSQL listens there'],
];

/**
 * Why nobody could log in, and what to do: one sentence, without a full stop and without the password.
 * @param failure beginning of the sentence; the address follows
 */
export function connectionSentence(error: unknown, target: Target, failure: string): string {
  const where = `${target.user}@${target.host}:${target.port}/${target.database}`;
  return `${failure} ${where}: ${reason(error, target)}`;
}

function reason(error: unknown, target: Target): string {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  if (error instanceof DatabaseError) {
    return REFUSALS[code]?.(target) ?? `it refuses the log-in (SQLSTATE ${code}); the server's log has the reason`;
  }
  if (/timeout expired/.test(message)) {
    return `nothing answered as PostgreSQL does within ${target.connectTimeoutSeconds} s; check host and port, firewalls and security groups`;
  }
  const known = NETWORK.find(([codes]) => codes.test(code)) ?? DRIVER.find(([text]) => text.test(message));
  return known?.[1] ?? `the connection failed (${code || 'no code'}); check that PostgreSQL listens there`;
}
