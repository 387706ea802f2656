import { type Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import { connect, type ConnectOptions } from '../../lib/contract/database-client';
import { scramVerifier } from './scram';

/** SQLSTATE of a refused password. */
const INVALID_PASSWORD = '28P01';

/**
 * Makes a role's password the one of its secret. A password that works already is left alone: rotation set it.
 * @param admin a session that may alter the role
 * @param login where and as whom to try, with the secret's password
 * @returns whether it was set
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
