import type { Switched } from '../../lib/import/cutover/cutover';
import { levelsOf, piecesOf, readStatement } from '../../lib/import/copy/pieces';
import type { Constraint } from '../../lib/import/plan/constraints';
import type { MovedTable } from '../../lib/import/plan/moved-table';
import type { Status } from '../../lib/import/status';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { addressOf, checksums, ROWS, run, startSource, startTarget, step, targetAddress } from './servers';

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  // As a source is that nobody can restart.
  source = await startSource(folder, 13, { wal_level: 'replica' });
  await run(
    from(),
    'ALTER TABLE templates ALTER name TYPE varchar(40)',
    'ALTER TABLE templates ALTER content TYPE json',
    ROWS,
  );
  await run(from(), 'ALTER TABLE bookings ADD internal text');
}, 120_000);
afterAll(() => folder?.dispose());

const from = () => addressOf(source);
const to = () => targetAddress(target);
const WISHES = { method: 'copy', leaveOut: ['bookings.internal'] } as const;
const BOOKING_SUM = (database: ReturnType<typeof from>) =>
  run(database, 'SELECT count(*), sum(hashtextextended((id, status, notes, start_ts)::text, 0)) FROM bookings');

test('start changes nothing in the source', async () => {
  const { text } = await step('start', from(), to(), WISHES);
  expect(text).toMatch(/the source is writable; next: cutover in the planned window/);
  expect((await step('status', from(), to(), WISHES)).json as Status).toMatchObject({
    ok: true,
    method: 'copy',
    gates: { source: 'no fence' },
  });
});

test('a copy that is interrupted returns the source to writes', async () => {
  const controller = new AbortController();
  controller.abort();
  const interrupted = step('cutover', from(), to(), { ...WISHES, signal: controller.signal });
  await expect(interrupted).rejects.toThrow(
    /^the cutover failed: interrupted .*; the source is writable again, untouched/,
  );
  await run(from(), "UPDATE salons SET name = 'Written' WHERE id = 's1'");
});

test('all rows move in one window, converted where the types differ, and changes flow back', async () => {
  const { json } = await step('cutover', from(), to(), WISHES);
  expect((json as Switched).rows).toBeGreaterThan(30_000);
  const [there, here] = [await checksums(to()), await checksums(from())];
  expect(await BOOKING_SUM(to())).toEqual(await BOOKING_SUM(from()));
  // These two differ in their columns; the cutover compared what both have.
  for (const name of Object.keys(here).filter((each) => !['bookings', 'templates'].includes(each)))
    expect([name, there[name]]).toEqual([name, here[name]]);
  await expect(run(from(), "UPDATE salons SET name = 'Late'")).rejects.toMatchObject({ code: '25006' });
  await run(to(), "UPDATE bookings SET status = 'CANCELLED' WHERE id = 'b1'", "DELETE FROM templates WHERE id = 't1'");
});

test('the way back needs no logical decoding in the source', async () => {
  await step('back', from(), to(), WISHES);
  expect(await run(from(), "SELECT status FROM bookings WHERE id = 'b1'")).toEqual([{ status: 'CANCELLED' }]);
  expect(await run(from(), "SELECT FROM templates WHERE id = 't1'")).toEqual([]);
  await run(from(), "UPDATE bookings SET status = 'CONFIRMED' WHERE id = 'b1'");
  await step('finish', from(), to(), WISHES);
});

const TABLE: MovedTable = {
  name: 'bookings',
  columns: [
    { name: 'id', type: 'text', sourceType: 'character varying(40)' },
    { name: 'order', type: 'text', sourceType: 'text' },
  ],
  isPart: false,
  textOnly: false,
  rows: 1,
  bytes: 1,
};

test('a large table is cut into ranges of blocks, without a gap, where the source can read one', () => {
  const pieces = piecesOf(TABLE, 40_000, 15);
  expect(pieces.map(({ blocks }) => blocks)).toEqual([
    [0, 16_384],
    [16_384, 32_768],
    [32_768, 4_294_967_295],
  ]);
  expect(piecesOf(TABLE, 40_000, 13).map(({ blocks }) => blocks)).toEqual([undefined]);
  expect(readStatement(pieces[1]!)).toBe(
    `COPY (SELECT "id"::text, "order" FROM public."bookings" WHERE ctid >= '(16384,0)'::tid AND ctid < '(32768,0)'::tid) TO STDOUT (FORMAT binary)`,
  );
});

test('parents come before children, and a circle is refused', () => {
  const key = (table: string, parent: string): Constraint => ({
    ...{ table, name: 'key', kind: 'foreign-key', columns: ['x'], condition: null },
    references: { table: parent, columns: ['id'] },
  });
  const tables = ['c', 'b', 'a'].map((name) => ({ ...TABLE, name }));
  const levels = levelsOf(tables, [key('c', 'b'), key('b', 'a'), key('b', 'b')]);
  expect(levels.map((level) => level.map(({ name }) => name))).toEqual([['a'], ['b'], ['c']]);
  expect(() => levelsOf(tables, [key('a', 'b'), key('b', 'a')])).toThrow(
    /^the foreign keys of .* go round in a circle/,
  );
});
