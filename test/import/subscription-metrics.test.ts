import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { loadCollection } from '../../lib/monitoring/collection';
import { METRICS_LOGIN } from '../support/database/migrated-cluster';
import { addressOf, run, session, startSource, startTarget, step, targetAddress, until } from './servers';

interface Subscription {
  readonly subname: string;
  readonly behind_seconds: string;
  readonly errors_total: string;
}

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  source = await startSource(folder, 15, { wal_sender_timeout: '1s' });
}, 120_000);
afterAll(() => folder?.dispose());

const from = () => addressOf(source);
const to = () => targetAddress(target);

const salon = (id: string) =>
  `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('${id}', 'n', '${id}', 't', now())`;

/** What the collector's role reads on the target. */
const read = () => {
  const sql = loadCollection().find(({ name }) => name === 'pg_subscription')!.sql;
  return run<Subscription>(targetAddress(target, undefined, METRICS_LOGIN), sql);
};
const behind = async () => Number((await read())[0]?.behind_seconds);
const uptime = async () => {
  const [row] = await run<{ seconds: string }>(
    to(),
    'SELECT EXTRACT(epoch FROM now() - pg_postmaster_start_time()) AS seconds',
  );
  return Number(row?.seconds);
};

test('without an import nothing is published', async () => {
  expect(await read()).toEqual([]);
});

test('while changes follow the age of the last message stays low, and nothing failed', async () => {
  await step('start', from(), to());
  await until(async () => (await behind()) < 1);
  expect(await read()).toEqual([
    { subname: 'moving_in', behind_seconds: expect.any(String) as string, errors_total: '0' },
  ]);
});

test('a change that waits for a lock lets the age grow', async () => {
  const blocker = await session(to());
  await blocker.query('BEGIN; LOCK TABLE salons');
  await run(from(), salon('waits'));
  await until(async () => (await behind()) > 1.5);
  await blocker.query('COMMIT');
  await blocker.end();
  await until(async () => (await behind()) < 1);
});

test('a row that the target refuses counts as errors, again and again', async () => {
  await run(to(), "SELECT set_config('import_fence.key', key, false) FROM import_fence.gate", salon('twice'));
  await run(from(), salon('twice'));
  await until(async () => Number((await read())[0]?.errors_total) > 3);
});

test('without a worker the age counts from the start of the server', async () => {
  await source.stop();
  await until(async () => Math.abs((await behind()) - (await uptime())) < 0.5);
});

test('a subscription that was switched off is not late', async () => {
  await run(to(), 'ALTER SUBSCRIPTION moving_in DISABLE');
  expect(await read()).toEqual([]);
});
