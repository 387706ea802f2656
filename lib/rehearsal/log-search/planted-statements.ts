import { setTimeout as sleep } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { type Client, DatabaseError } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** What no log may contain. */
export const PLANTS = {
  password: 'Planted-Passw0rd',
  token: 'EAAGplantedtoken',
  phone: '+4915199887766',
  text: 'a planted message text',
} as const;
const { password, token, phone, text } = PLANTS;

/** Opens a session of the master user, or of app_user. */
export type Login = (user?: 'app_user') => Promise<Client>;

/** A statement that holds plants: its name, the SQLSTATE that it fails with (`00000`: it succeeds), and how it is run. */
export type PlantedStatement = readonly [name: string, sqlState: string, run: (login: Login) => Promise<unknown>];

const MESSAGE = `INSERT INTO messages (id, salon_id, direction, phone_number, message_type, content)`;
const SALON = `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at)`;

/** Runs one statement, by default of app_user. */
function sql(statement: string, values?: unknown[], user: 'app_user' | 'master' = 'app_user') {
  return async (login: Login): Promise<void> => {
    const session = await login(user === 'master' ? undefined : user);
    try {
      await session.query(statement, values);
    } finally {
      await session.end();
    }
  };
}

/** Statements that PostgreSQL writes to its log under some setting or other, each with a password, a token, a phone number or a text. */
export const PLANTED_STATEMENTS: readonly PlantedStatement[] = [
  ['a role is created', '00000', sql(`CREATE ROLE planted LOGIN PASSWORD '${password}'`, undefined, 'master')],
  ['a password is changed', '00000', sql(`ALTER USER planted WITH PASSWORD '${password}'`, undefined, 'master')],
  ['a role does not exist', '42704', sql(`ALTER ROLE nobody PASSWORD '${password}'`, undefined, 'master')],
  ['a password is changed behind a lock', '00000', changePasswordSlowly],
  ['a slow statement', '00000', sql(`SELECT pg_sleep(1.1), '${phone}'`)],
  ['a slow statement with a bound value', '00000', sql(`SELECT pg_sleep(1.1), $1::text`, [phone])],
  [
    'a slow plan with a bound value',
    '00000',
    sql(`SELECT pg_sleep(1.1) FROM salons WHERE phone_number_id = $1`, [phone]),
  ],
  ['a null', '23502', sql(`${SALON} VALUES ('n', NULL, '1', $1, now())`, [token])],
  ['a duplicate', '23505', sql(`${SALON} VALUES ('d', 'D', '${phone}', '${token}', now())`)],
  ['a failed check', '23514', sql(`INSERT INTO heartbeat VALUES (length('${text}'), now())`, undefined, 'master')],
  ['a missing reference', '23503', sql(`${MESSAGE} VALUES ('m', $1, 'INBOUND', $2, 'TEXT', $3)`, [token, phone, text])],
  ['a malformed number', '22P02', sql(`SELECT $1::text::integer`, [text])],
  ['a malformed enum', '22P02', sql(`${MESSAGE} VALUES ('m', 's', '${text}', '${phone}', 'TEXT', '')`)],
  ['a malformed time', '22009', sql(`UPDATE salons SET updated_at = $1::text::timestamp`, [phone])],
  ['a malformed UUID, bound', '22P02', sql(`SELECT $1::uuid`, [token])],
  ['malformed JSON', '22P02', sql(`SELECT $1::json`, [`{"text": "${text}", ${phone}}`])],
  ['a syntax error', '42601', sql(`SELECT id FROM messages WHERE content = '${text}' '${phone}`)],
  ['a column that does not exist', '42703', sql(`SELECT "${text}" FROM messages`)],
  ['a table that is refused', '42501', sql(`SELECT FROM _prisma_migrations WHERE logs = '${text}'`)],
  ['a deadlock', '40P01', deadlock],
  ['a lock that is waited for', '00000', waitForLock],
  ['a cancelled statement', '57014', cancel],
  ['a statement that takes too long', '57014', sql(`SET statement_timeout = 100; SELECT pg_sleep(5), '${phone}'`)],
  ['a COPY of malformed rows', '22P02', copyMalformed],
  ['a failing DO block', 'P0001', sql(`DO $$ BEGIN RAISE EXCEPTION 'no such customer: %', '${phone}'; END $$`)],
  ['a failing statement in a DO block', '22012', sql(`DO $$ BEGIN PERFORM 1 / 0, '${token}'; END $$`)],
  ['a warning', '00000', sql(`DO $$ BEGIN RAISE WARNING 'customer %', '${phone}'; END $$`)],
  [
    'a sort in a large temporary file',
    '00000',
    sql(
      `SET work_mem = 64; SELECT count(*) FROM (SELECT i, '${text}' FROM generate_series(1, 900000) i ORDER BY i DESC OFFSET 1) sorted`,
    ),
  ],
];

/** Runs a statement, and fails when its outcome is not the expected one. */
export async function runPlanted([name, sqlState, run]: PlantedStatement, login: Login): Promise<void> {
  const code = await run(login).then(
    () => '00000',
    (error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
      return error.code;
    },
  );
  if (code !== sqlState) throw new Error(`"${name}" ended with ${code}; expected: ${sqlState}`);
}

async function changePasswordSlowly(login: Login): Promise<void> {
  const [holder, waiter] = [await login(), await login()];
  await holder.query('BEGIN; ALTER ROLE planted CONNECTION LIMIT 3');
  const change = waiter.query(`ALTER ROLE planted PASSWORD '${password}'`);
  await sleep(1200);
  await holder.query('ROLLBACK');
  await change;
  await Promise.all([holder.end(), waiter.end()]);
}

async function deadlock(login: Login): Promise<void> {
  const sessions = [await login('app_user'), await login('app_user')];
  const lock = (id: number) => `SELECT '${text}' FROM salons WHERE id = 'salon-${id}' FOR UPDATE`;
  await Promise.all(sessions.map((session, i) => session.query(`BEGIN; ${lock(i + 1)}`)));
  const outcomes = await Promise.allSettled(sessions.map((session, i) => session.query(lock(2 - i))));
  await Promise.all(sessions.map((session) => session.end()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function waitForLock(login: Login): Promise<void> {
  const [holder, waiter] = [await login('app_user'), await login('app_user')];
  await holder.query("BEGIN; SELECT FROM salons WHERE id = 'salon-1' FOR UPDATE");
  const waiting = waiter.query('UPDATE salons SET name = $1 WHERE id = $2', [text, 'salon-1']);
  await sleep(1200);
  await holder.query('ROLLBACK');
  await waiting;
  await Promise.all([holder.end(), waiter.end()]);
}

async function cancel(login: Login): Promise<void> {
  const [session, other] = [await login('app_user'), await login()];
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const sleeping = session.query(`SELECT pg_sleep(9), '${phone}'`);
  // It may fail before it is awaited.
  sleeping.catch(() => undefined);
  await sleep(100);
  await other.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid]);
  await sleeping.finally(() => Promise.all([session.end(), other.end()]));
}

async function copyMalformed(login: Login): Promise<void> {
  const session = await login('app_user');
  const row = `m\ts\tINBOUND\t${phone}\tTEXT\t${text}\t${token}\n`;
  const into = copyFrom(
    'COPY messages (id, salon_id, direction, phone_number, message_type, content, cost) FROM STDIN',
  );
  await pipeline(Readable.from([row]), session.query(into)).finally(() => session.end());
}
