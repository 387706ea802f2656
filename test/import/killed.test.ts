import { Client } from 'pg';
import type { Step } from '../../lib/import/run';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import type { Target } from '../../lib/shared/connection/target';
import { addressOf, run, startSource, startTarget, step, targetAddress } from './servers';

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  source = await startSource(folder, 15, { wal_retrieve_retry_interval: '200ms' });
  await run(from(), INSERT('s0'));
}, 120_000);
afterAll(() => folder?.dispose());
afterEach(() => jest.restoreAllMocks());

const from = () => addressOf(source);
const to = () => targetAddress(target);
const INSERT = (id: string) =>
  `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('${id}', 'New', '${id}', 't', now())`;

/** Runs a step as if its process were killed before its n-th query: its sessions end, and it can do nothing more. Returns whether it came so far. */
async function killedAt(name: Step, n: number): Promise<boolean> {
  let queries = 0;
  const sessions = new Set<Client>();
  type Method = (this: Client, ...args: unknown[]) => unknown;
  const query = Reflect.get(Client.prototype, 'query') as Method;
  const connect = Reflect.get(Client.prototype, 'connect') as Method;
  const isDead = () => queries >= n;
  jest.spyOn(Client.prototype, 'connect').mockImplementation(function (this: Client) {
    if (isDead()) return Promise.reject(new Error('killed'));
    sessions.add(this);
    return connect.call(this);
  });
  jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args: unknown[]) {
    queries += 1;
    if (!isDead()) return query.apply(this, args);
    for (const each of sessions)
      (each as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    return Promise.reject(new Error('killed'));
  });
  await step(name, from(), to()).catch(() => undefined);
  const wasKilled = isDead();
  jest.restoreAllMocks();
  return wasKilled;
}

/** Runs a step until the server has noticed that the killed one is gone. */
async function again(name: Step): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await step(name, from(), to());
      return;
    } catch (error) {
      if (attempt > 100 || !/^another import works/.test((error as Error).message)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Salons whose insert was accepted, by the one or the other database. */
const accepted: string[] = [];
let written = 0;
/** Whether a database accepts a write; what is accepted stays. */
async function accepts(database: Target): Promise<boolean> {
  try {
    const id = `k${++written}`;
    await run(database, INSERT(id));
    accepted.push(id);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: '25006' });
    return false;
  }
}

/** Kills a step at every k-th query and runs it again; what is done each time leads back to where it began. */
async function killEverywhere(
  name: Step,
  every: number,
  isMoved: boolean,
  comeBack: () => Promise<void>,
): Promise<number> {
  let kills = 0;
  for (let n = 1; await killedAt(name, n); n += every) {
    kills += 1;
    // Before the first start the target is open, and nothing that is written there is moved.
    const accepting = [await accepts(from()), name === 'start' ? false : await accepts(to())];
    expect([n, accepting]).not.toEqual([n, [true, true]]);
    if (name === 'start') expect([n, accepting]).toEqual([n, [true, false]]);
    await again(name);
    expect([n, await accepts(from()), await accepts(to())]).toEqual([n, !isMoved, isMoved]);
    await comeBack();
  }
  return kills;
}

test('start, killed at any query and run again', async () => {
  const kills = await killEverywhere('start', 61, false, async () => void (await step('finish', from(), to())));
  expect(kills).toBeGreaterThan(3);
}, 120_000);

test('cutover, killed at any query and run again', async () => {
  await again('start');
  const kills = await killEverywhere('cutover', 31, true, async () => {
    await step('back', from(), to());
    await step('finish', from(), to());
    await run(to(), 'TRUNCATE salons CASCADE');
    await step('start', from(), to());
  });
  expect(kills).toBeGreaterThan(3);
}, 120_000);

test('back, killed at any query and run again', async () => {
  await again('cutover');
  const kills = await killEverywhere('back', 41, false, async () => {
    await step('finish', from(), to());
    await run(to(), 'TRUNCATE salons CASCADE');
    await step('start', from(), to());
    await step('cutover', from(), to());
  });
  expect(kills).toBeGreaterThan(3);
}, 120_000);

test('no row that was accepted anywhere is lost', async () => {
  await again('back');
  const rows = await run<{ id: string }>(from(), "SELECT id FROM salons WHERE id LIKE 'k%'");
  expect(accepted.length).toBeGreaterThan(20);
  expect(accepted.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
});
