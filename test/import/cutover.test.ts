import type { Switched } from '../../lib/import/cutover/cutover';
import type { Status } from '../../lib/import/status';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { addressOf, checksums, ROWS, run, session, startSource, startTarget, step, targetAddress } from './servers';
import { Writers } from '../../lib/move-rehearsal/writers';

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;
let writers: Writers;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  source = await startSource(folder, 17);
  await run(from(), ROWS, "CREATE SEQUENCE codes; SELECT setval('codes', 41)");
  await run(to(), 'CREATE SEQUENCE codes');
  writers = new Writers([from(), to()]);
}, 120_000);
afterAll(async () => {
  await writers?.stop();
  folder?.dispose();
});

const from = () => addressOf(source);
const to = () => targetAddress(target);
const INSERT = (id: string) =>
  `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('${id}', 'New', '${id}', 't', now())`;

test('a cutover before the start, or a way back before it, says so', async () => {
  await expect(step('cutover', from(), to())).rejects.toThrow('no import was started into this target');
});

test('the writes move to the target within seconds, and the source refuses every one', async () => {
  await step('start', from(), to());
  writers.mark();
  // A transaction that is open for long, with a write, and one that has only read.
  const [long, reader] = [await session(from()), await session(from())];
  await long.query(`BEGIN; ${INSERT('uncommitted')}`);
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM salons');
  const { json, ok } = await step('cutover', from(), to());
  const { writesStoppedSeconds, endedSessions, sentence } = json as Switched;
  expect(ok).toBe(true);
  expect(writesStoppedSeconds).toBeLessThan(5);
  expect(endedSessions?.join()).toMatch(
    /^postgres@127\.0\.0\.1, \d+ sessions,postgres@127\.0\.0\.1 \(application\), 2 sessions$/,
  );
  expect(sentence).toMatch(/^the target is open: .* the source .* is closed for writes/);
  await expect(long.query('COMMIT')).rejects.toThrow();
  for (const passes of [
    'SELECT 1',
    'SET default_transaction_read_only = off',
    'SET default_transaction_read_only = off; SET session_replication_role = replica',
  ]) {
    await expect(run(from(), passes, INSERT('late'))).rejects.toMatchObject({ code: '25006' });
    await expect(run(from(), passes, 'TRUNCATE salons CASCADE')).rejects.toMatchObject({ code: '25006' });
  }
  expect(await run(from(), "SELECT id FROM salons WHERE id IN ('late', 'uncommitted')")).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 500));
});

test('the sequences go on where they were, and changes flow back', async () => {
  expect(await run(to(), "SELECT nextval('codes')")).toEqual([{ nextval: '42' }]);
  await run(to(), INSERT('on-target'));
  const found = (await step('status', from(), to())).json as Status;
  expect(found).toMatchObject({ phase: 'opened', ok: true, gates: { source: 'closed' } });
});

test('the writes move back, with all that was written since', async () => {
  const { json } = await step('back', from(), to());
  expect((json as Switched).writesStoppedSeconds).toBeLessThan(5);
  await expect(run(to(), INSERT('late'))).rejects.toMatchObject({ code: '25006' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { acknowledged, longestPauseSeconds } = await writers.stop();
  expect(acknowledged).toBeGreaterThan(500);
  expect(longestPauseSeconds).toBeLessThan(5);
  expect(await writers.lost(from())).toEqual([]);
  expect(await run(from(), "SELECT id FROM salons WHERE id = 'on-target'")).toHaveLength(1);
  expect(await run(from(), "SELECT nextval('codes') > 42 AS ok")).toEqual([{ ok: true }]);
});

test('finish leaves nothing, and the import can begin again', async () => {
  await step('finish', from(), to());
  for (const side of [from(), to()]) {
    const left = await run(
      side,
      `SELECT slot_name FROM pg_replication_slots UNION ALL SELECT pubname FROM pg_publication UNION ALL SELECT subname FROM pg_subscription
       UNION ALL SELECT nspname FROM pg_namespace WHERE nspname ~ '^import_'`,
    );
    expect(left).toEqual([]);
  }
  await expect(step('start', from(), to())).rejects.toThrow(/target-not-empty: .*\n.*TRUNCATE/);
  await run(
    to(),
    'TRUNCATE salons, bookings, messages, templates, conversations, webhook_logs, ai_conversations, ai_messages, intent_analytics',
  );
  await step('start', from(), to());
  await step('cutover', from(), to(), { wayBack: true });
  expect(await checksums(to())).toEqual(await checksums(from()));
});
