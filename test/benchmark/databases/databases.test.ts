import { join } from 'node:path';
import type { Client } from 'pg';
import * as migrate from '../../../lambda/migrate';
import type { EnvironmentAssembly } from '../../../lib/assembly/environment-assembly';
import { connect } from '../../../lib/contract/database-client';
import * as databases from '../../../lib/benchmark/databases/databases';
import { DeployedMigrations } from '../../../lib/benchmark/databases/migrations';
import { drawValues, PATTERNS } from '../../../lib/benchmark/patterns';
import { intendedIndex, planOf } from '../../../lib/benchmark/plans';
import { Session } from '../../../lib/benchmark/clients/session';
import { utcText, volumesOf } from '../../../lib/benchmark/databases/volumes';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';

const END = utcText(new Date());
const VOLUMES = volumesOf(0.005);
const SETS = 20;

/** Jest loads no ES modules: here the migration function is its source. The benchmark's own test runs the bundle. */
const SOURCES: Pick<EnvironmentAssembly, 'loadFunction'> = {
  loadFunction: <Module>() =>
    Promise.resolve({ folder: join(__dirname, '../../../lambda'), module: migrate as unknown as Module }),
};

let folder: RunFolder;
let migrations: DeployedMigrations;
let cluster: Cluster;
let before: Client;
let after: Client;
let rows: Record<string, number>;
beforeAll(async () => {
  folder = new RunFolder();
  cluster = await databases.startServer(folder);
  const progress = () => undefined;
  migrations = await DeployedMigrations.load(SOURCES);
  await migrations.apply(cluster, databases.BEFORE, 'found');
  rows = await databases.load(cluster, VOLUMES, END, progress);
  await databases.copy(cluster, progress);
  await databases.migrate(migrations, cluster, databases.AFTER, 'all', progress);
  const logins = databases.loginsToBoth(cluster);
  [before, after] = await Promise.all([connect(logins.before), connect(logins.after)]);
}, 60_000);
afterAll(async () => {
  await Promise.all([before?.end(), after?.end()]);
  folder?.dispose();
});

async function column(client: Client, sql: string): Promise<unknown[]> {
  const { rows: found } = await client.query<{ value: unknown }>(sql);
  return found.map(({ value }) => value);
}

test('the data has the volumes of its scale, each customer with one conversation', () => {
  const { salons, templates, messages, bookings, ai_messages, webhook_logs } = VOLUMES;
  expect(rows).toMatchObject({ salons, templates, messages, bookings, ai_messages, webhook_logs });
  expect(rows.conversations).toBeGreaterThan(0.99 * VOLUMES.customers);
  expect(rows).not.toHaveProperty('customers');
});

test('rows lie in the order of time, end now and are of salons of very different size', async () => {
  const correlations = `SELECT correlation AS value FROM pg_stats
    WHERE attname = 'created_at' AND tablename IN ('messages', 'webhook_logs', 'ai_messages', 'bookings')`;
  for (const correlation of await column(before, correlations)) expect(correlation).toBeGreaterThan(0.999);
  const lastHour = `SELECT count(*)::int AS value FROM messages WHERE created_at > timestamp '${END}' - interval '1 hour'`;
  // A 720th of 15,000.
  expect([[20], [21]]).toContainEqual(await column(before, lastHour));
  const sizes = await column(
    before,
    'SELECT count(*)::int AS value FROM messages GROUP BY salon_id ORDER BY value DESC',
  );
  expect(sizes).toHaveLength(VOLUMES.salons);
  // The shares of Zipf's law: the largest of ten has 34 %, a tenth of that the smallest.
  expect(Number(sizes[0]) / VOLUMES.messages).toBeCloseTo(0.341, 1);
  expect(Number(sizes[0]) / Number(sizes.at(-1))).toBeGreaterThan(8);
});

test('foreign keys hold although loading did not check them', async () => {
  for (const table of ['bookings', 'messages', 'templates']) {
    const orphans = `SELECT count(*)::int AS value FROM ${table} LEFT JOIN salons ON salons.id = salon_id WHERE salons.id IS NULL`;
    expect(await column(before, orphans)).toEqual([0]);
  }
});

test('before has the keys of the schema as it was found and no other index', async () => {
  const indexes = `SELECT indexrelid::regclass::text AS value FROM pg_index JOIN pg_class ON oid = indrelid
    WHERE relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations' ORDER BY 1`;
  const names = await column(before, indexes);
  expect(names.filter((name) => !/_(pkey|key)$/.test(String(name)))).toEqual([]);
  expect(names).toHaveLength(17);
  expect((await column(after, indexes)).length).toBeGreaterThan(17 + 27);
});

test('the owner’s migrations are those up to the 27th index', () => {
  const [found, owners, all] = (['found', 'owners', 'all'] as const).map((set) => migrations.names(set));
  const indexes = owners?.filter((name) => name.includes('_idx_'));
  expect(found).toEqual(['20251117090000_initial_schema']);
  expect(indexes).toHaveLength(27);
  expect(all?.length).toBeGreaterThan(owners?.length ?? NaN);
});

describe.each(PATTERNS.map((pattern) => [pattern.name, pattern] as const))('%s', (_, pattern) => {
  test('has the same answer before and after', async () => {
    const values = await drawValues(databases.loginsToBoth(cluster).before, pattern, SETS, END);
    expect(values).toHaveLength(SETS);
    let answered = 0;
    for (const set of values) {
      const answers = await Promise.all(
        [before, after].map(async (client) => (await client.query<Record<string, unknown>>(pattern.sql, set)).rows),
      );
      const [one, other] = answers.map((answer) => answer.map((row) => JSON.stringify(row)).sort());
      expect(other).toEqual(one);
      answered += one?.length ?? 0;
    }
    expect(answered).toBeGreaterThan(0);
  });

  test('reads an intended index after the migrations, and none of that name before', async () => {
    const { before: old, after: now } = databases.loginsToBoth(cluster);
    const [values = []] = await drawValues(old, pattern, 1, END);
    expect(intendedIndex(await planOf(now, pattern, values), pattern)).toBeDefined();
    expect(intendedIndex(await planOf(old, pattern, values), pattern)).toBeUndefined();
  });
});

describe('a session that does not look at its answers', () => {
  const login = () => databases.loginsToBoth(cluster).after;

  test('counts as many rows as the driver, also where an answer comes in many pieces', async () => {
    const session = await Session.open(login());
    await session.prepare('all', 'SELECT * FROM messages WHERE created_at >= $1::timestamp');
    expect(await session.ask('all', ['2000-01-01'])).toBe(VOLUMES.messages);
    expect(await session.ask('all', ['2100-01-01'])).toBe(0);
    await session.end();
  });

  test('fails with the server’s message, and goes on', async () => {
    const session = await Session.open(login());
    await expect(session.prepare('wrong', 'SELECT nothing')).rejects.toThrow('column "nothing" does not exist');
    await session.prepare('right', 'SELECT 1');
    expect(await session.ask('right', [])).toBe(1);
    await session.end();
  });

  test('fails when the server ends it', async () => {
    const session = await Session.open(login());
    await session.prepare('end', 'SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(session.ask('end', [])).rejects.toThrow('terminating connection');
  });
});
