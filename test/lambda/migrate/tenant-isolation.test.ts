import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { runMigrations } from '../../../lambda/migrate/runner';
import { readMigrations } from '../../../lib/contract/migrations';
import { DATABASE_ROLES } from '../../../lib/contract/roles';
import { OWN_TABLES, TABLES as ALL_TABLES } from '../../../lib/contract/tables';
import { lintMigrations } from '../../../lib/migration-lint/lint';
import { MigrationServer } from '../../support/database/migration-server';
import { Rows } from '../../support/database/rows';

const NAME = '20990101000000_tenant_isolation';
const FILE = join(__dirname, '../../../lambda/optional-migrations/tenant_isolation/migration.sql');
/** Tables with a salon: all but the collector's own. */
const TABLES = ALL_TABLES.filter((name) => !OWN_TABLES.some((own) => own === name));

let server: MigrationServer;
let owner: Client;
let application: Client;
let database: string;
let folder: string;

beforeAll(async () => {
  server = await MigrationServer.start();
  ({ database, client: owner } = await server.freshDatabase());
  folder = server.migrationFolder({ [NAME]: readFileSync(FILE, 'utf8') }, true);
  await runMigrations(owner, readMigrations(folder));
  for (const role of DATABASE_ROLES) await server.admin.query(`ALTER ROLE ${role} PASSWORD 'role-password'`);
  const rows = new Rows(owner);
  for (const salon of ['a', 'b']) {
    await rows.salon(salon);
    await rows.message(salon, '1 hour');
    await rows.aiMessage(salon, '1 hour', { intent: 'book' });
    await rows.booking(salon, '10:00', '11:00');
  }
  await rows.webhook(null, '1 hour', 'FAILED');
  application = await server.login(database, 'app_user', 'role-password');
}, 60_000);
afterAll(async () => {
  await application?.end();
  await owner?.end();
  await server?.dispose();
});

/** Runs a statement of the application for a salon, as Prisma's transactions do: the setting and the statement in one transaction. */
async function inSalon(salon: string | undefined, sql: string): Promise<Record<string, unknown>[]> {
  await application.query('BEGIN');
  try {
    if (salon !== undefined) await application.query("SELECT set_config('app.salon_id', $1, true)", [salon]);
    return (await application.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await application.query('ROLLBACK');
  }
}

test('a query without WHERE returns the rows of the salon of its transaction', async () => {
  for (const salon of ['a', 'b']) {
    expect(await inSalon(salon, 'SELECT id FROM salons')).toEqual([{ id: salon }]);
    for (const table of ['messages', 'ai_messages', 'bookings'])
      expect([table, await inSalon(salon, `SELECT salon_id FROM ${table}`)]).toEqual([table, [{ salon_id: salon }]]);
  }
});

test('without a salon, with one that does not exist, and after a transaction there are no rows', async () => {
  for (const table of TABLES) {
    expect(await inSalon(undefined, `SELECT FROM ${table}`)).toEqual([]);
    expect(await inSalon('c', `SELECT FROM ${table}`)).toEqual([]);
  }
  await inSalon('a', 'SELECT');
  expect((await application.query('SELECT FROM messages')).rows).toEqual([]);
});

test("'*' is work over all salons, rows without a salon included", async () => {
  expect(await inSalon('*', 'SELECT id FROM salons ORDER BY id')).toEqual([{ id: 'a' }, { id: 'b' }]);
  expect(await inSalon('*', 'SELECT status FROM webhook_logs')).toEqual([{ status: 'FAILED' }]);
  const refresh = `SELECT refresh_intent_analytics((now() AT TIME ZONE 'utc' - interval '1 hour')::date)`;
  await expect(inSalon('*', refresh)).resolves.toHaveLength(1);
});

test.each([
  ['INSERT', `INSERT INTO templates (id, salon_id, name, category, updated_at) VALUES ('t', 'b', 'T', 'c', now())`],
  ['UPDATE to another salon', `UPDATE messages SET salon_id = 'b'`],
])('%s for another salon is refused', async (_, sql) => {
  await expect(inSalon('a', sql)).rejects.toMatchObject({ code: '42501' });
});

test('DELETE and UPDATE without WHERE reach no other salon', async () => {
  expect(await inSalon('a', 'DELETE FROM messages RETURNING salon_id')).toEqual([{ salon_id: 'a' }]);
  expect(await inSalon('a', "UPDATE bookings SET notes = 'x' RETURNING salon_id")).toEqual([{ salon_id: 'a' }]);
});

test('a webhook finds its salon, and nothing else of it', async () => {
  expect(await inSalon(undefined, "SELECT salon_of_phone_number_id('b') AS id")).toEqual([{ id: 'b' }]);
  expect(await inSalon(undefined, "SELECT salon_of_phone_number_id('unknown') AS id")).toEqual([{ id: null }]);
});

test.each(DATABASE_ROLES.filter((role) => role !== 'app_user'))('%s is not restricted', async (role) => {
  const session = await server.login(database, role, 'role-password');
  try {
    // care_user counts salons, and reads no row of another table.
    for (const table of role === 'care_user' ? ['salons'] : ['messages', 'salons'])
      expect((await session.query(`SELECT id FROM ${table}`)).rows).toHaveLength(2);
  } finally {
    await session.end();
  }
});

test('every table with a salon is covered, and the lint accepts the migration', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([...TABLES].sort());
  const { rows: withSalon } = await owner.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'salon_id' AND table_schema = 'public'`,
  );
  // salon_capacities is the collector's; the application cannot read it at all.
  const ofApplication = withSalon.map(({ name }) => name).filter((name) => name !== 'salon_capacities');
  for (const name of ofApplication) expect(TABLES.map(String)).toContain(name);
  const findings = await lintMigrations(readMigrations(folder));
  expect(findings.filter(({ migration }) => migration === NAME)).toEqual([]);
});
