import { compareTable } from '../../lib/import/cutover/compare';
import { withSides } from '../../lib/import/session';
import { loadState } from '../../lib/import/state/store';
import type { Status } from '../../lib/import/status';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import {
  addressOf,
  checksums,
  PASSWORD,
  ROWS,
  run,
  session,
  startSource,
  startTarget,
  step,
  targetAddress,
  until,
} from './servers';

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  source = await startSource(folder, 13);
  await run(addressOf(source), ROWS);
}, 120_000);
afterAll(() => folder?.dispose());

const from = () => addressOf(source);
const to = () => targetAddress(target);

async function arrived(): Promise<void> {
  await until(async () => ((await step('status', from(), to())).json as Status).stream?.lagBytes === 0);
}

async function indexes(): Promise<number> {
  const rows = await run<{ count: string }>(to(), "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'idx\\_%'");
  return Number(rows[0]?.count);
}

test('a source that the target cannot reach: a sentence, and nothing is left behind', async () => {
  const unreachable = step('start', from(), to(), { sourceAddress: { host: 'localhost', port: 1 } });
  await expect(unreachable).rejects.toThrow('the target cannot follow localhost:1: nothing listens there');
  const [left] = await run<{ slots: string; publications: string }>(
    from(),
    'SELECT (SELECT count(*) FROM pg_replication_slots) AS slots, (SELECT count(*) FROM pg_publication) AS publications',
  );
  expect(left).toEqual({ slots: '0', publications: '0' });
  const [there] = await run<{ names: string }>(
    to(),
    "SELECT count(*) AS names FROM pg_namespace WHERE nspname IN ('import_state', 'import_fence')",
  );
  expect(there).toEqual({ names: '0' });
  expect(await indexes()).toBeGreaterThan(30);
});

test('an import that nobody started has no status', async () => {
  await expect(step('status', from(), to())).rejects.toThrow('no import was started into this target');
});

test('rows are copied and changes follow, while the source is written', async () => {
  const { text } = await step('start', from(), to());
  expect(text).toMatch(/source is writable/);
  await run(
    from(),
    "UPDATE bookings SET status = 'CANCELLED' WHERE id < 'b2'",
    "DELETE FROM ai_messages WHERE id LIKE 'i1%'",
  );
  const { json } = await step('status', from(), to());
  expect(json).toMatchObject({
    phase: 'streaming',
    ok: true,
    gates: { source: 'no fence', target: 'closed' },
    indexesPending: 0,
  });
  await arrived();
  expect(await checksums(to())).toEqual(await checksums(from()));
});

test('the target is closed for applications, the source is not', async () => {
  const insert =
    "INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('new', 'New', 'new', 't', now())";
  await expect(run(to(), insert)).rejects.toThrow('another one is moving into it');
  await expect(run(to(), 'SET session_replication_role = replica', insert)).rejects.toThrow('closed for writes');
  await expect(run(to(), 'TRUNCATE salons CASCADE')).rejects.toThrow('closed for writes');
  await run(from(), insert);
});

test('every index is there again', async () => {
  expect(await indexes()).toBeGreaterThan(30);
});

test('a second comparison reads only the days in which a row was written since', async () => {
  const compare = () =>
    withSides(from(), to(), {}, async ({ source: publisher, target: subscriber }) => {
      const state = await loadState(subscriber);
      const table = state!.tables.find(({ name }) => name === 'messages')!;
      return compareTable({ publisher, subscriber, target: subscriber }, table);
    });
  const first = await compare();
  expect(first).toMatchObject({ differences: [], rows: 10_000, rangesRead: first.ranges });
  expect(first.ranges).toBeGreaterThan(1);
  expect(await compare()).toMatchObject({ differences: [], rangesRead: 0 });
  await run(from(), "UPDATE messages SET content = 'changed' WHERE id = 'm1'");
  await arrived();
  expect(await compare()).toMatchObject({ differences: [], rangesRead: 1 });
  await run(from(), "DELETE FROM messages WHERE id = 'm1'");
  await arrived();
  expect(await compare()).toMatchObject({ differences: [], rangesRead: 1, rows: 9_999 });
  // A row that only the target has, and one that it lacks, in days that were equal before.
  await run(to(), 'ALTER TABLE messages DISABLE TRIGGER import_fence', "DELETE FROM messages WHERE id = 'm2'");
  expect((await compare()).differences).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d: \d+ and \d+ rows$/)]);
  await run(
    to(),
    `INSERT INTO messages SELECT (m).* FROM (SELECT jsonb_populate_record(m, '{"id": "m2", "whatsapp_id": "w2", "content": "another"}') AS m FROM messages AS m WHERE id = 'm3') AS copy`,
  );
  expect((await compare()).differences).toEqual([expect.stringMatching(/rows on both sides with other values$/)]);
  await run(to(), 'ALTER TABLE messages ENABLE ALWAYS TRIGGER import_fence');
});

test('a cutover whose tables differ returns the source to writes', async () => {
  await expect(step('cutover', from(), to())).rejects.toThrow(
    /^the cutover failed: the two databases differ: messages differs \(.*\); the source is writable again, untouched; the target is not open$/,
  );
  await run(from(), "UPDATE salons SET name = 'Written' WHERE id = 's2'");
  expect((await step('status', from(), to())).json).toMatchObject({
    phase: 'streaming',
    gates: { source: 'no fence', target: 'closed' },
  });
});

test('two at once: the second one changes nothing', async () => {
  const holder = await session(to());
  await holder.query('SELECT pg_advisory_lock(115918758703732)');
  await expect(step('start', from(), to())).rejects.toThrow(/^another import works on this target, process \d+ since/);
  await holder.end();
});

test('another source is refused', async () => {
  await expect(step('start', addressOf(source, 'postgres'), to())).rejects.toThrow(
    /^this target is filled from .*whatsapp_saas, and .*postgres is another database/,
  );
});

test('a slot that holds too much WAL is dropped, the source stays writable, and start copies again', async () => {
  const { json, ok } = await step('status', from(), to(), { slotLimitBytes: -1 });
  expect([ok, (json as Status).sentence]).toEqual([
    false,
    expect.stringMatching(/was dropped; the source is writable/),
  ]);
  expect(await run(from(), 'SELECT FROM pg_replication_slots')).toEqual([]);
  expect((await step('status', from(), to())).text).toMatch(/slot is lost.*run start again/);
  await run(from(), "UPDATE salons SET name = 'Renamed' WHERE id = 's1'");
  await step('start', from(), to());
  await arrived();
  expect(await checksums(to())).toEqual(await checksums(from()));
});

test('no password is stored where a user can read it, nor shown', async () => {
  const [row] = await run<{ state: object }>(to(), 'SELECT state FROM import_state.move');
  expect(JSON.stringify(row)).not.toContain(PASSWORD.slice(0, 8));
});
