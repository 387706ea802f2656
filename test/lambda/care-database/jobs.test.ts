import { join } from 'node:path';
import type { Client } from 'pg';
import { createHandler } from '../../../lambda/care-database';
import { readPrivileges } from '../../../lambda/care-database/tasks/privileges';
import type { CareJob } from '../../../lib/contract/care/jobs';
import type { Section } from '../../../lib/contract/care/section';
import { CARE_USER } from '../../../lib/contract/roles';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { DATABASE, startMigratedCluster } from '../../support/database/migrated-cluster';
import { expectFile } from '../../support/snapshot/expect-file';

const PASSWORD = 'care-password';
const HOUR_MS = 3_600_000;
const START = new Date('2026-03-02T05:05:00Z');

const folder = new RunFolder();
let cluster: Cluster;
let admin: Client;

beforeAll(async () => {
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
  await admin.query(`ALTER ROLE ${CARE_USER} PASSWORD '${PASSWORD}'`);
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder.dispose();
});

/** The sections of a run, so many hours after START. */
function run(job: CareJob, hours = 0, password = PASSWORD): Promise<Section[]> {
  const servers = [cluster.primary, ...cluster.replicas].map(({ name, host, port }) => ({ name, host, port }));
  return createHandler({
    settings: { database: DATABASE, region: 'local', servers, limits: [{ what: 'CPU', salons: 5 }] },
    ca: cluster.ca,
    password: () => Promise.resolve(password),
    now: () => new Date(START.getTime() + hours * HOUR_MS),
  })({ job });
}

async function section(title: string, job: CareJob, hours = 0): Promise<Section | undefined> {
  return (await run(job, hours)).find((each) => each.title === title);
}

test.each(['intents', 'daily', 'weekly', 'monthly', 'quarterly'] as const)('%s finds nothing wrong', async (job) => {
  if (job === 'daily') for (let hour = 1; hour < 24; hour++) await run('intents', -48 - hour);
  const sections = await run(job, -48);
  expect(sections.filter(({ state }) => state !== 'fine')).toEqual([]);
  expect(sections.every(({ lines }) => lines.length > 0)).toBe(true);
});

test('expected-privileges.json is what the migrations make (npx jest -u writes it)', async () => {
  const lines = await readPrivileges(admin);
  expect(lines.length).toBeGreaterThan(100);
  const file = join(__dirname, '../../../lambda/care-database/expected-privileges.json');
  expectFile(file, `${JSON.stringify(lines, undefined, 2)}\n`);
});

test('a log-in that is refused fails each section and says why', async () => {
  expect(await run('daily', 0, 'wrong')).toEqual([
    { title: 'Slow statements', state: 'failed', lines: [expect.stringContaining('28P01')] },
    { title: 'Roles that used the database', state: 'failed', lines: [expect.stringContaining('28P01')] },
    { title: 'Hourly refresh of the intents', state: 'failed', lines: [expect.stringContaining('28P01')] },
  ]);
});

test('intents of today and, in the night, of yesterday are counted', async () => {
  await admin.query(
    `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('s', 'S', '1', 'token', now())`,
  );
  await admin.query(
    `INSERT INTO ai_conversations (id, salon_id, phone_number, conversation_id, ai_model, last_activity)
     VALUES ('c', 's', '1', 'c', 'm', now())`,
  );
  const message = (id: string, at: string) =>
    admin.query(
      `INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, intent, ai_model, created_at)
       VALUES ($1, 'c', 's', '1', 'INBOUND', 'x', 'book', 'm', $2)`,
      [id, at],
    );
  await message('m1', '2026-03-02T01:00:00Z');
  await message('m2', '2026-03-02T23:30:00Z');
  expect(await section('Intents counted', 'intents')).toMatchObject({ lines: ['2026-03-02: 1 counts changed'] });
  await message('m3', '2026-03-02T23:59:00Z');
  const night = await section('Intents counted', 'intents', 21);
  expect(night).toMatchObject({ lines: ['2026-03-02: 1 counts changed', '2026-03-03: 0 counts changed'] });
  const { rows } = await admin.query('SELECT date::text, count FROM intent_analytics');
  expect(rows).toEqual([{ date: '2026-03-02', count: 3 }]);
});

test('a statement that is slower than the day before is named, without the values in it', async () => {
  const sleep = (name: string, seconds: number) =>
    admin.query(`/* for ${name} */ SELECT pg_sleep(${seconds}) FROM salons WHERE name <> 'planted ${name}'`);
  await sleep('one', 0.01);
  await run('daily', 24);
  await sleep('two', 0.01);
  await run('daily', 48);
  await sleep('three', 0.05);
  const found = await section('Slow statements', 'daily', 72);
  const line = found?.lines.find((each) => each.includes('pg_sleep'));
  expect(line).toMatch(
    /1 calls, mean \d+\.\d ms \(the day before \d+\.\d ms\): SELECT pg_sleep\(\$1\) FROM salons WHERE/,
  );
  expect(found?.lines.join()).not.toMatch(/planted|for three/);
  expect(found?.lines[0]).toMatch(/in the last 24\.0 h \(the day before /);
});

test('the last ten runs of a kind are kept', async () => {
  for (let hour = 100; hour < 115; hour++) await run('weekly', hour);
  const { rows } = await admin.query("SELECT count(*)::int, max(taken_at) FROM care_snapshots WHERE kind = 'tables'");
  expect(rows).toEqual([{ count: 10, max: new Date(START.getTime() + 114 * HOUR_MS) }]);
});

test('duplicate and invalid indexes are named', async () => {
  await admin.query('CREATE INDEX twice ON bookings (salon_id, start_ts)');
  await admin.query('CREATE INDEX thrice ON bookings (salon_id, start_ts)');
  await admin.query('CREATE INDEX with_condition ON bookings (salon_id, start_ts) WHERE status IS NULL');
  const duplicates = await section('Duplicate indexes', 'weekly', 200);
  expect(duplicates?.state).toBe('look');
  expect(duplicates?.lines.join()).toMatch(/thrice.*twice|twice.*thrice/);
  expect(duplicates?.lines.join()).not.toContain('with_condition');
  await admin.query('DROP INDEX twice, thrice, with_condition');
});

test('statistics that are missing are brought up to date', async () => {
  const { rows: before } = await admin.query("SELECT last_analyze FROM pg_stat_user_tables WHERE relname = 'salons'");
  expect(before).toEqual([{ last_analyze: null }]);
  const found = await section('Statistics of the planner', 'monthly');
  expect(found?.lines.join()).toContain('salons: its statistics had none');
  const { rows: after } = await admin.query("SELECT last_analyze FROM pg_stat_user_tables WHERE relname = 'salons'");
  expect(after).not.toEqual(before);
});

test('what was granted, made or taken away by hand is named', async () => {
  await admin.query('GRANT DELETE ON salons TO readonly_user');
  await admin.query('REVOKE SELECT ON bookings FROM app_user');
  await admin.query('CREATE ROLE contractor LOGIN CREATEROLE');
  await admin.query('GRANT SELECT (access_token) ON salons TO contractor');
  await admin.query('CREATE FUNCTION public.loose() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$');
  const found = new Map((await run('quarterly')).map((each) => [each.title, each]));
  expect(found.get('Privileges against the migrations')).toEqual({
    title: 'Privileges against the migrations',
    state: 'look',
    lines: [
      'granted by hand: contractor: SELECT on column public.salons.access_token',
      'granted by hand: readonly_user: DELETE on table public.salons',
      'taken away by hand: app_user: SELECT on table public.bookings',
    ],
  });
  expect(found.get('Roles that may log in')?.lines[0]).toMatch(/^contractor may log in, and no migration makes it/);
  expect(found.get('Security of the server')?.lines).toEqual([
    `the function loose() runs as ${cluster.master.user} and has no fixed search_path`,
  ]);
});
