import { type Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import { connect, type ConnectOptions } from '../../lib/contract/database-client';
import { scramVerifier } from './scram';

/** SQLSTATE of a wrong password. */
const INVALID_PASSWORD = '28P01';

/**
 * Sets a role's password to the one of its secret, unless that one works already, as after a rotation.
 * @param admin a session that may alter the role
 * @param login the server and the role, with the password of the secret
 * @returns whether the password was set
 * @throws Error when the log-in fails for another reason than the password, or fails after the password was set
 */
export async function ensurePassword(admin: Client, login: ConnectOptions): Promise<boolean> {
  if (await logsIn(login)) return false;
  const verifier = scramVerifier(login.password);
  await admin.query(`ALTER ROLE ${escapeIdentifier(login.user)} PASSWORD ${escapeLiteral(verifier)}`);
  if (!(await logsIn(login))) throw new Error(`${login.user} cannot log in with the password just set`);
  return true;
}

async function logsIn(login: ConnectOptions): Promise<boolean> {
  try {
    const client = await connect(login);
    await client.end();
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === INVALID_PASSWORD) return false;
    throw error;
  }
}
