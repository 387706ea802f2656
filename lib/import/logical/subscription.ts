import { DatabaseError, escapeLiteral } from 'pg';
import { rowOf, rowsOf, type Side } from '../session';
import { connectionString, type StreamAddress } from './names';

/** How a subscription begins. */
export interface SubscriptionOptions {
  /** Copy the rows that are there, table by table, before the changes. */
  readonly copy: boolean;
  readonly enabled: boolean;
  readonly from: StreamAddress;
}

/** What is known of a subscription. */
export interface Subscription {
  readonly oid: number;
  readonly enabled: boolean;
  /** Whether a worker applies changes now. */
  readonly running: boolean;
  /** Errors since it was made; undefined before PostgreSQL 15, which counts them. */
  readonly applyErrors?: number;
  readonly copyErrors?: number;
}

/** A subscription of this database; undefined: there is none. */
export async function subscriptionOf(side: Side, name: string): Promise<Subscription | undefined> {
  const { counts } = await rowOf<{ counts: boolean }>(
    side,
    "SELECT current_setting('server_version_num')::int >= 150000 AS counts",
  );
  const errors = counts
    ? `, (SELECT json_build_object('applyErrors', apply_error_count, 'copyErrors', sync_error_count)
          FROM pg_stat_subscription_stats WHERE subid = s.oid) AS errors`
    : ", '{}'::json AS errors";
  const [row] = await rowsOf<Omit<Subscription, 'applyErrors'> & { errors: object | null }>(
    side,
    `SELECT s.oid::int, subenabled AS enabled,
            EXISTS (SELECT FROM pg_stat_subscription WHERE subid = s.oid AND relid IS NULL AND pid IS NOT NULL) AS running${errors}
       FROM pg_subscription AS s WHERE subname = $1 AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [name],
  );
  if (!row) return undefined;
  const { errors: counted, ...subscription } = row;
  return { ...subscription, ...counted };
}

/**
 * Makes a subscription to a publication and a slot of the same name, which exist. This is the moment in which one server connects to the
 * other.
 * @throws Error with a sentence where it cannot; nothing of it is secret
 */
export async function makeSubscription(side: Side, name: string, options: SubscriptionOptions): Promise<void> {
  const { from, copy, enabled } = options;
  const address = escapeLiteral(connectionString(from, name));
  await keepOutOfLog(side);
  try {
    await side.client.query(
      `CREATE SUBSCRIPTION ${name} CONNECTION ${address} PUBLICATION ${name}
         WITH (create_slot = false, slot_name = ${name}, copy_data = ${copy}, enabled = ${enabled})`,
    );
  } catch (error) {
    throw new Error(refusal(error, side, from), { cause: undefined });
  }
}

/** The statement has a password: where the user may, it is kept out of the server's log. On RDS that the master user may is unconfirmed. */
async function keepOutOfLog({ client }: Side): Promise<void> {
  for (const setting of [
    "log_statement = 'none'",
    "log_min_error_statement = 'panic'",
    'log_min_duration_statement = -1',
    "pgaudit.log = 'none'",
  ])
    await client.query(`SET ${setting}`).catch(() => undefined);
}

/** Reasons of libpq and of the server that refuses, with what to do. */
const REASONS: readonly (readonly [message: RegExp, sentence: string])[] = [
  [/could not translate host name/, 'its name is not known there; give an IP address with --source-address'],
  [/Connection refused/, 'nothing listens there, or a firewall refuses; check host, port and listen_addresses'],
  [
    /timeout expired|timed out|No route|unreachable/,
    'nothing answers; open the firewall, the security group and the route',
  ],
  [/password authentication failed/, 'the password is refused'],
  [/pg_hba\.conf/, 'pg_hba.conf has no line for it; add one for its address, this database and this user'],
  [/SSL|certificate/, 'no TLS session can be agreed on; check sslmode of the address'],
  [/must be superuser|permission denied/, 'the user may not subscribe or replicate; see the plan'],
];

function refusal(error: unknown, side: Side, { at }: StreamAddress): string {
  const { code = 'none', message = '' } = error instanceof DatabaseError ? error : {};
  const reason =
    REASONS.find(([text]) => text.test(message))?.[1] ?? `SQLSTATE ${code}; the log of the ${side.name} has the reason`;
  return `the ${side.name} cannot follow ${at.host}:${at.port}: ${reason}`;
}

/** Stops or continues a subscription. */
export async function setSubscription(side: Side, name: string, to: 'ENABLE' | 'DISABLE'): Promise<void> {
  await side.client.query(`ALTER SUBSCRIPTION ${name} ${to}`);
}

/** Drops a subscription where there is one, and leaves its slot, which may be out of reach. */
export async function dropSubscription(side: Side, name: string): Promise<void> {
  if (!(await subscriptionOf(side, name))) return;
  await setSubscription(side, name, 'DISABLE');
  await side.client.query(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
  await side.client.query(`DROP SUBSCRIPTION ${name}`);
}

/** A table of a subscription. */
export interface TableProgress {
  readonly name: string;
  /** `waiting`, `copying`, or `streaming` when all its rows are there. */
  readonly state: 'waiting' | 'copying' | 'streaming';
  /** Rows and bytes copied so far, while it is copied. */
  readonly rows: number;
  readonly bytes: number;
}

/** How far each table of a subscription is. */
export function tableProgress(side: Side, name: string): Promise<TableProgress[]> {
  return rowsOf<TableProgress>(
    side,
    `SELECT relname AS name, CASE WHEN srsubstate IN ('s', 'r') THEN 'streaming' WHEN copy.relid IS NOT NULL OR srsubstate <> 'i' THEN 'copying' ELSE 'waiting' END AS state,
            coalesce(tuples_processed, 0)::float8 AS rows, coalesce(bytes_processed, 0)::float8 AS bytes
       FROM pg_subscription_rel JOIN pg_subscription ON pg_subscription.oid = srsubid JOIN pg_class ON pg_class.oid = srrelid
       LEFT JOIN pg_stat_progress_copy AS copy ON copy.relid = srrelid AND copy.command = 'COPY FROM'
      WHERE subname = $1 ORDER BY relname`,
    [name],
  );
}
