import type { Client } from 'pg';
import { withPrismaLock } from '../../../lambda/migrate/lock';
import { runMigrations } from '../../../lambda/migrate/runner';
import { readMigrations } from '../../../lib/contract/migrations';
import { MigrationServer } from '../../support/database/migration-server';

let server: MigrationServer;
let database: string;
let client: Client;

beforeAll(async () => {
  server = await MigrationServer.start();
  await server.admin.query("CREATE ROLE guest LOGIN PASSWORD 'guest'");
}, 60_000);
afterAll(() => server?.dispose());
beforeEach(async () => {
  ({ database, client } = await server.freshDatabase());
});
afterEach(() => client.end());

test.each(['pg_advisory_lock', 'pg_advisory_lock_shared'])(
  'a role that cannot migrate and holds the lock by %s does not stop a deployment',
  async (lock) => {
    const folder = server.migrationFolder({ '20250101000000_first': 'CREATE TABLE first ();' });
    const guests = await Promise.all([1, 2, 3].map(() => server.login(database, 'guest', 'guest')));
    await guests[0]!.query(`SELECT ${lock}(72707369)`);
    // The next in the queue, as one that wants to stop all deployments would have.
    const waiting = guests.slice(1).map((guest) => guest.query('SELECT pg_advisory_lock(72707369)').catch(String));
    const report = await runMigrations(client, readMigrations(folder));
    expect(report.applied).toEqual(['20250101000000_first']);
    expect(report.endedSessions).toHaveLength(3);
    expect(report.endedSessions?.[0]).toMatch(/^process \d+ of guest, application "test"$/);
    await Promise.all(waiting);
    await Promise.all(guests.map((guest) => guest.end().catch(() => undefined)));
  },
  20_000,
);

test('another migration run is waited for and never ended, and the error says who holds the lock', async () => {
  const other = await server.login(database);
  const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_advisory_lock(72707369)');
  await expect(withPrismaLock(client, () => Promise.resolve(), 400)).rejects.toThrow(
    `another migration run has held the lock 72707369 for over 0.4 s (process ${rows[0]?.pid} of database_admin, application "test"); let it finish or end that session`,
  );
  await other.query('SELECT pg_advisory_unlock(72707369)');
  await expect(withPrismaLock(client, (ended) => Promise.resolve(ended), 400)).resolves.toEqual([]);
  await other.end();
});

test('a guest’s lock of another key or another database is left alone', async () => {
  const { database: elsewhere, client: admin } = await server.freshDatabase();
  const guests = [await server.login(database, 'guest', 'guest'), await server.login(elsewhere, 'guest', 'guest')];
  await guests[0]!.query('SELECT pg_advisory_lock(1)');
  await guests[1]!.query('SELECT pg_advisory_lock(72707369)');
  await withPrismaLock(client, () => Promise.resolve());
  for (const guest of guests) await expect(guest.query('SELECT 1')).resolves.toBeDefined();
  await Promise.all([...guests.map((guest) => guest.end()), admin.end()]);
});
