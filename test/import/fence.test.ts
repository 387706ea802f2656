import { closeGate, openGate, removeFence } from '../../lib/import/fence';
import { withSides } from '../../lib/import/session';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { run, session, startTarget, targetAddress, until } from './servers';

let folder: RunFolder;
let cluster: Cluster;
beforeAll(async () => {
  folder = new RunFolder();
  cluster = await startTarget(folder);
}, 120_000);
afterAll(() => folder?.dispose());

const database = () => targetAddress(cluster);
const WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'import'";

/** As far as a transaction of the application can be when a fence is removed: what it holds, and what it does then. */
test.each([
  ['is about to write', 'LOCK TABLE messages IN ROW EXCLUSIVE MODE', 'messages'],
  ['has written to bookings and goes on to messages', 'DELETE FROM bookings', 'messages'],
  ['has written to messages and goes on to bookings', 'DELETE FROM messages', 'bookings'],
])('a fence is removed beside a transaction that %s', async (_, first, second) => {
  await withSides(database(), database(), {}, async ({ target }) => {
    await closeGate(target, { lockMs: 2000 });
    await expect(run(database(), `DELETE FROM ${second}`)).rejects.toMatchObject({ code: '25006' });
    await openGate(target);
    const application = await session(database());
    await application.query(`BEGIN; ${first}`);
    const removed = removeFence(target, 5000);
    await until(async () => (await run(database(), WAITING)).length > 0);
    await application.query(`DELETE FROM ${second}`);
    await application.query('COMMIT');
    await application.end();
    expect(await removed).toBe(true);
    expect(await run(database(), "SELECT FROM pg_trigger WHERE tgname = 'import_fence'")).toEqual([]);
  });
});

test('a transaction that stays keeps an open gate, which refuses nothing, and the next attempt removes it', async () => {
  await withSides(database(), database(), {}, async ({ target }) => {
    await closeGate(target, { lockMs: 2000 });
    await openGate(target);
    const application = await session(database());
    await application.query('BEGIN; DELETE FROM messages');
    expect(await removeFence(target, 100)).toBe(false);
    await run(database(), 'DELETE FROM bookings');
    await application.query('COMMIT');
    await application.end();
    expect(await removeFence(target)).toBe(true);
  });
});
