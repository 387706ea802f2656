import type { Client } from 'pg';
import type { Check, Finding } from './check';
import { CHECKS } from './checks';
import type { Facts } from './database';
import { type Score, scoreOf } from './score';
import { Session } from './session';

/** A check with what it found. */
export interface Line extends Finding, Pick<Check, 'name' | 'area' | 'weight' | 'question'> {}

/** How ready a database is for production. */
export interface Readiness extends Score {
  readonly server: Facts;
  readonly checks: readonly Line[];
  /** What no session can see, for a person to look at. */
  readonly invisible: readonly string[];
}

/** What no session can see. It has no weight. */
const INVISIBLE: readonly string[] = [
  'whether a backup was ever restored, how long backups are kept, and copies in another region or account',
  'backups of a vendor or of AWS Backup, and a standby such as Multi-AZ',
  'deletion protection, encryption of disks and backups, and who may reach the server by the network',
  'where passwords are kept and when they change',
  'whether an alarm reaches a person who knows what to do',
];

/**
 * Runs every check on a database, each in a read-only transaction.
 * @param client a session, which is ended
 * @param now time by this machine's clock
 * @throws Error with a sentence where the server is none of PostgreSQL
 */
export async function assess(client: Client, now: Date): Promise<Readiness> {
  const session = new Session(client);
  try {
    const server = await session.facts();
    const checks: Line[] = [];
    for (const each of CHECKS) {
      const { name, area, weight, question } = each;
      checks.push({ name, area, weight, question, ...(await session.judge(each, server, now)) });
    }
    return { ...scoreOf(checks), server, checks, invisible: INVISIBLE };
  } finally {
    await session.end();
  }
}
