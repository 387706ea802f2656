import type { Major } from '../../lib/local-postgres/binaries';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { planText } from '../../lib/import/plan/text';
import { addressOf, DATABASE, PASSWORD, planOf, run, SCHEMA, startSource, startTarget, targetAddress } from './servers';
import { BOOKING, type Case, CASES, isAlone, SALON, WEAK } from './plan-cases';

let folder: RunFolder;
let target: Cluster;
const sources = new Map<Major, PostgresServer>();

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  for (const major of [13, 17] as const)
    sources.set(major, await startSource(folder, major, { wal_level: 'replica', max_prepared_transactions: '2' }));
}, 120_000);
afterAll(() => folder?.dispose());

let databases = 0;

/** Makes a copy of both databases, and in them what a case is about; returns what the plan says. */
async function planFor(
  major: Major,
  each: Pick<Case, 'source' | 'target' | 'encoding' | 'login' | 'targetLogin' | 'wishes' | 'after'>,
) {
  const server = sources.get(major)!;
  const name = `case_${++databases}`;
  await run(
    addressOf(server, 'postgres'),
    each.encoding === undefined
      ? `CREATE DATABASE ${name} TEMPLATE ${DATABASE}`
      : `CREATE DATABASE ${name} TEMPLATE template0 ENCODING ${each.encoding}`,
  );
  if (each.encoding) await run(addressOf(server, name), SCHEMA);
  if (each.login === WEAK)
    await run(
      addressOf(server, name),
      `DO $$ BEGIN CREATE ROLE weak LOGIN PASSWORD 'weak'; EXCEPTION WHEN duplicate_object THEN END $$`,
      'GRANT SELECT ON ALL TABLES IN SCHEMA public TO weak',
    );
  if (each.source) await run(addressOf(server, name), each.source);
  let to = targetAddress(target, DATABASE, each.targetLogin);
  if (each.target) {
    await run(targetAddress(target, 'postgres'), `CREATE DATABASE ${name} TEMPLATE ${DATABASE}`);
    await run(targetAddress(target, name), each.target);
    to = targetAddress(target, name, each.targetLogin);
  }
  try {
    return (await planOf(addressOf(server, name, each.login), to, each.wishes)).plan;
  } finally {
    if (each.after) await run(addressOf(server, name), each.after);
    if (each.target)
      await run(targetAddress(target, 'postgres'), `DROP DATABASE ${name}`, 'DROP ROLE IF EXISTS nobody_there');
  }
}

describe.each<Major>([13, 17])('a source of PostgreSQL %i', (major) => {
  test('without logical decoding it says how to get it, or to copy', async () => {
    const plan = await planFor(major, {});
    expect(plan.obstacles.filter(({ blocking }) => blocking).map(({ sentence }) => sentence)).toEqual([
      'wal_level of the source is replica',
    ]);
    expect((await planFor(major, { wishes: { method: 'copy' } })).ok).toBe(true);
    const server = sources.get(major)!;
    await run(addressOf(server, 'postgres'), 'ALTER SYSTEM SET wal_level = logical');
    await server.stop();
    await server.start();
  });

  test('that agrees with the target can be moved', async () => {
    const plan = await planFor(major, { source: `${SALON} ${BOOKING('b1')}` });
    expect(plan.obstacles.filter(({ blocking }) => blocking)).toEqual([]);
    expect(plan.ok).toBe(true);
    expect(plan.tables.find(({ name }) => name === 'bookings')).toMatchObject({ rows: 1, isExact: true });
    expect(plan.tables.map(({ name }) => name)).not.toContain('heartbeat');
  });

  test.each(CASES.filter((each) => isAlone(each) || major === 13))('$id: $says', async (each) => {
    const plan = await planFor(major, each);
    const found = plan.obstacles.filter(({ id }) => id === each.id);
    expect(found.map(({ sentence }) => sentence)).toContainEqual(expect.stringMatching(each.says));
    expect(found[0]).toMatchObject({ blocking: each.blocking ?? true, action: expect.stringMatching(/\S/) as string });
    expect(plan.ok).toBe(!plan.obstacles.some(({ blocking }) => blocking));
    // Nothing else is in the way: each case makes one obstacle, apart from the roles without any right.
    if (each.login === undefined && each.targetLogin === undefined && each.encoding === undefined)
      expect(plan.obstacles.filter(({ id, blocking }) => blocking && id !== each.id)).toEqual([]);
    expect(planText(plan)).not.toContain(PASSWORD);
  });
});

test('a source of PostgreSQL 17 on which everything is wrong', async () => {
  const together = CASES.filter((each) => !isAlone(each) && each.majors === undefined);
  // What removes a column comes last: other cases write it.
  const removesColumn = ({ id }: Case) => ['missing-column', 'empty-column'].includes(id);
  const ordered = [...together.filter((each) => !removesColumn(each)), ...together.filter(removesColumn)];
  const { obstacles } = await planFor(17, { source: ordered.map(({ source = '' }) => source).join(';\n') });
  const found = obstacles.map(({ id }) => id);
  expect(together.map(({ id }) => id).filter((id) => !found.includes(id))).toEqual([]);
  expect(together.length).toBeGreaterThanOrEqual(20);
});

test('there are at least 20 obstacles of different kinds', () => {
  expect(new Set(CASES.map(({ id }) => id)).size).toBeGreaterThanOrEqual(20);
});
