import { isDeepStrictEqual } from 'node:util';
import type { ImportWishes } from '../../lib/import/context';
import { runStep, type Step } from '../../lib/import/run';
import type { Status } from '../../lib/import/status';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import type { Target } from '../../lib/shared/connection/target';
import { Network } from './proxy';
import {
  addressOf,
  checksums,
  ROWS,
  run,
  startSource,
  startTarget,
  step,
  targetAddress,
  until,
  wishesOf,
} from './servers';
import { Writers } from '../../lib/move-rehearsal/writers';

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;
let network: Network;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder, { wal_receiver_timeout: '1s', wal_sender_timeout: '1s' });
  source = await startSource(folder, 15, {
    wal_receiver_timeout: '1s',
    wal_sender_timeout: '1s',
    wal_retrieve_retry_interval: '200ms',
  });
  network = await Network.to(source.port);
  await run(from(), ROWS);
}, 120_000);
afterAll(() => {
  network?.close();
  folder?.dispose();
});

const from = () => addressOf(source);
const to = () => targetAddress(target);
const started: Writers[] = [];
/** Clients of the application, which end with the test. */
function write(...databases: Target[]): Writers {
  const writers = new Writers(databases);
  started.push(writers);
  return writers;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
  network.mend();
});

/** Lets a session write in a closed database, as only the import can. */
const PASS = "SELECT set_config('import_fence.key', key, false) FROM import_fence.gate";
const TOUCH = "UPDATE salons SET updated_at = now() WHERE id = 's1'";

/** Runs a step, and does something when it reports a line. */
function during(
  name: Step,
  line: RegExp,
  then: () => void,
  wishes: Partial<ImportWishes> = {},
  via: Partial<Target> = {},
) {
  const onProgress = (each: string) => {
    if (line.test(each)) then();
  };
  return runStep(name, {
    from: from(),
    to: { ...to(), ...via },
    wishes: wishesOf(from(), to(), { sourceAddress: network, ...wishes }),
    onProgress,
  });
}

const statusNow = async () => (await step('status', from(), to())).json as Status;
/** Waits until the stream runs and every row has arrived. Its lag is seldom exactly 0: autovacuum writes WAL as well. */
async function arrived(): Promise<void> {
  await until(async () => (await statusNow()).stream?.running ?? false);
  await until(async () => isDeepStrictEqual(await checksums(to()), await checksums(from())));
}

test('the source is killed while rows are copied: start goes on when it is back', async () => {
  const killed = during('start', /tables are copied; changes follow/, () => void source.kill());
  await expect(killed).rejects.toThrow(
    /^the session with one of the databases was lost .* the source stays writable, and no row is lost; run start again/,
  );
  await source.start();
  await run(from(), TOUCH);
  await during('start', /^$/, () => undefined);
  await arrived();
});

test('the target is killed while changes follow: they arrive when it is back', async () => {
  await target.primary.kill();
  await run(from(), TOUCH, "DELETE FROM messages WHERE id = 'm7'");
  await expect(step('status', from(), to())).rejects.toThrow(
    /^the target cannot be worked on, at .*nothing listens there/,
  );
  await target.primary.start();
  await arrived();
});

test('the network between them is cut: status says so, and nothing is lost', async () => {
  network.cut();
  await run(from(), TOUCH, "DELETE FROM messages WHERE id = 'm8'");
  await until(async () => !(await statusNow()).stream?.running);
  expect(await statusNow()).toMatchObject({
    ok: false,
    sentence: expect.stringMatching(/^nothing streams at the moment.*the source is writable$/) as string,
  });
  await expect(step('cutover', from(), to())).rejects.toThrow(
    /^no cutover now: the stream is interrupted.*the source is writable/,
  );
  network.mend();
  await arrived();
});

test('a row that the target refuses: status says so, and the stream goes on when it is corrected', async () => {
  const row = (name: string) =>
    `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('twice', '${name}', 'twice', 't', now())`;
  await run(to(), PASS, row('There'));
  await run(from(), row('Here'));
  await until(async () => ((await statusNow()).stream?.errors ?? 0) > 0);
  expect(await statusNow()).toMatchObject({
    ok: false,
    sentence: expect.stringMatching(
      /^nothing streams at the moment, after \d+ errors?: .*a row is refused; .*the source is writable$/,
    ) as string,
  });
  await expect(step('cutover', from(), to())).rejects.toThrow(
    /^no cutover now: the stream is interrupted.*the source is writable/,
  );
  await run(from(), TOUCH);
  await run(to(), PASS, "DELETE FROM salons WHERE id = 'twice'");
  await arrived();
});

test('a slot that is lost: status says so, and start copies again', async () => {
  await run(to(), 'ALTER SUBSCRIPTION moving_in DISABLE');
  await until(
    async () =>
      (await run<{ active: boolean }>(from(), 'SELECT active FROM pg_replication_slots'))[0]?.active === false,
  );
  await run(from(), "SELECT pg_drop_replication_slot('moving_in')", TOUCH);
  expect((await statusNow()).sentence).toMatch(/^the slot is lost, .*run start again.*the source is writable$/);
  await during('start', /^$/, () => undefined);
  await arrived();
});

test('the target is killed while writes are stopped: the source is writable again', async () => {
  const writers = write(from());
  const killed = during('cutover', /writes are stopped in the source/, () => void target.primary.kill());
  await expect(killed).rejects.toThrow(
    /^the cutover failed: .*; the source is writable again, untouched; the target is not open$/,
  );
  await run(from(), TOUCH);
  await writers.stop();
  expect(await writers.lost(from())).toEqual([]);
  await target.primary.start();
  await arrived();
});

test('nobody answers while writes are stopped: the source is writable again after the limit', async () => {
  const toTarget = await Network.to(target.primary.port);
  const cut = during(
    'cutover',
    /writes are stopped in the source/,
    () => toTarget.cut(),
    { writesStoppedSeconds: 2 },
    { host: toTarget.host, port: toTarget.port },
  );
  await expect(cut).rejects.toThrow(
    /^the cutover failed: writes were stopped for 2 s, .*; the source is writable again/,
  );
  await run(from(), TOUCH);
  toTarget.close();
});

test('the source is killed while writes are stopped: it stays closed until back or cutover, and says so', async () => {
  const killed = during('cutover', /writes are stopped in the source/, () => void source.kill());
  await expect(killed).rejects.toThrow(
    /^the cutover failed: .* the target is not open; the source could not be returned to writes: .*; run back, which does it/,
  );
  await source.start();
  await expect(run(from(), TOUCH)).rejects.toMatchObject({ code: '25006' });
  expect((await statusNow()).sentence).toMatch(
    /^a cutover was interrupted; .*run cutover again to go on, or back to return the source to writes$/,
  );
  expect((await step('back', from(), to())).text).toMatch(/the source is writable/);
  await run(from(), TOUCH);
});

test('after all of it the cutover succeeds, and the target killed at once comes back with every row', async () => {
  await arrived();
  const writers = write(from(), to());
  await during('cutover', /^$/, () => undefined);
  await target.primary.kill();
  await target.primary.start();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await writers.stop();
  expect(await writers.lost(to())).toEqual([]);
  await arrived();
});

test('the network is cut while the way back is awaited: the target stays open', async () => {
  const toSource = await Network.to(source.port);
  const cut = runStep('back', {
    from: { ...from(), host: toSource.host, port: toSource.port },
    to: to(),
    wishes: wishesOf(from(), to(), { writesStoppedSeconds: 2 }),
    onProgress: (line) => line === 'writes are stopped in the target' && toSource.cut(),
  });
  await expect(cut).rejects.toThrow(
    /^the return failed: writes were stopped for 2 s, .*; the target is writable again/,
  );
  await run(to(), TOUCH);
  toSource.close();
});
