import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** Iterations that PostgreSQL 15 uses. */
const ITERATIONS = 4096;

/**
 * The verifier that PostgreSQL stores for a password with SCRAM-SHA-256 (RFC 5803). A statement that sets a password in this form writes
 * no clear text into the server's log.
 * @param password ASCII, which the preparation of RFC 4013 does not change
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
