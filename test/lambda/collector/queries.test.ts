import type { Client } from 'pg';
import { loadQueries } from '../../../lib/monitoring/queries';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { METRICS_LOGIN, startMigratedCluster } from '../../support/database/migrated-cluster';
import { Rows, UTC_NOW } from '../../support/database/rows';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let rows: Rows;
let metrics: Client;

jest.setTimeout(30_000);

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  await admin.query("SET timezone = 'UTC'");
  rows = new Rows(admin);
  metrics = await cluster.connect(cluster.primary, METRICS_LOGIN);
}, 60_000);
afterAll(async () => {
  await metrics?.end();
  await admin?.end();
  folder?.dispose();
});
beforeEach(() => rows.clear());

/** Rows of a query as metrics_user, in a session of a time zone. */
async function rowsOf(name: string, zone = 'UTC'): Promise<Record<string, unknown>[]> {
  await metrics.query(`SET timezone = '${zone}'`);
  const query = loadQueries().find((each) => each.name === name);
  return (await metrics.query<Record<string, unknown>>(query?.sql ?? '')).rows;
}

/** One column of a query's rows by one of its labels. */
async function byLabel(name: string, label: string, column: string): Promise<Record<string, unknown>> {
  const entries = (await rowsOf(name)).map((row): [string, unknown] => [String(row[label]), row[column]]);
  return Object.fromEntries(entries);
}

const DATED_QUERIES = loadQueries()
  .filter(({ sql }) => sql.includes("AT TIME ZONE 'utc'"))
  .map(({ name }) => name);

test('metrics_user may run every query, and each returns the columns that its declaration names', async () => {
  await rows.salon('s');
  for (const { name, columns } of loadQueries()) {
    const answer = await rowsOf(name);
    const named = columns.map((column) => column.name).sort();
    for (const row of answer) expect([name, Object.keys(row).sort()]).toEqual([name, named]);
  }
});

test('times are UTC in a session of any time zone', async () => {
  expect(DATED_QUERIES.length).toBeGreaterThan(15);
  await rows.salon('s');
  for (const ago of ['50 minutes', '2 hours', '5 hours']) {
    await rows.booking('s', '1 hour', '2 hours', ago);
    await rows.booking('s', '1 hour', '2 hours', ago);
    await rows.message('s', ago, { cost: 1, status: 'FAILED' });
    await rows.aiMessage('s', ago, { tokens_used: 10, cost: 2, response_time_ms: 100 });
    await rows.aiMessage('s', `1 day ${ago}`, { cost: 9 });
    await rows.webhook('s', ago, 'FAILED');
  }
  // Near both ends of the last 24 hours: a session west or east of UTC would add or lose these rows.
  for (const ago of ['23 hours', '25 hours']) await rows.booking('s', '9 days', null, ago);
  const chat = { salon_id: 's', phone_number: '+1' };
  const ago = (interval: string) => `=${UTC_NOW} - interval '${interval}'`;
  await rows.insert('conversations', '2 hours', {
    ...chat,
    started_at: ago('3 hours'),
    last_message_at: ago('23 hours'),
  });
  await rows.insert('ai_conversations', '2 hours', { ...chat, conversation_id: 'c', last_activity: ago('25 hours') });
  for (const name of DATED_QUERIES) {
    const utc = await rowsOf(name, 'UTC');
    expect([name, await rowsOf(name, 'Asia/Kathmandu')]).toEqual([name, utc]);
    expect([name, await rowsOf(name, 'Europe/Moscow')]).toEqual([name, utc]);
    expect([name, await rowsOf(name, 'America/New_York')]).toEqual([name, utc]);
  }
  expect(await rowsOf('messages_total')).toEqual([
    { salon_id: 's', direction: 'OUTBOUND', message_type: 'TEXT', status: 'FAILED', count: '1' },
  ]);
  expect(await rowsOf('message_cost')).toEqual([{ salon_id: 's', total_cost: 3, message_count: '3' }]);
});

test('tokens and cost are those of the time window, not of whole conversations', async () => {
  await rows.salon('s');
  const conversation = { salon_id: 's', phone_number: '+1', conversation_id: 'c', last_activity: `=${UTC_NOW}` };
  await rows.insert('ai_conversations', '1 hour', { ...conversation, total_tokens: 1_000_000, total_cost: 500 });
  await rows.aiMessage('s', '30 minutes', { tokens_used: 300, cost: 1.5 });
  await rows.aiMessage('s', '90 minutes', { tokens_used: 7000, cost: 4 });
  await rows.aiMessage('s', '30 hours', { tokens_used: 90_000, cost: 9 });
  expect(await rowsOf('ai_token_usage')).toEqual([
    { salon_id: 's', tokens: '300', usual_tokens: '0', unusual_tokens: '300' },
  ]);
  expect(await rowsOf('ai_cost_last')).toEqual([{ hour: 1.5 }]);
  expect(await rowsOf('ai_conversation_cost')).toEqual([
    { salon_id: 's', ai_model: 'gpt-4', total_cost: 5.5, total_tokens: '7300', conversation_count: '1' },
  ]);
});

test('the usual hourly cost of AI is the average of this hour over the seven days before, and at least a dollar', async () => {
  await rows.salon('s');
  await rows.aiMessage('s', '30 minutes', { cost: 900 });
  await rows.aiMessage('s', '23 hours', { cost: 900 });
  // On the first day nothing is usual yet.
  expect(await rowsOf('ai_cost_usual')).toEqual([]);
  await rows.aiMessage('s', '1 day 90 minutes', { cost: 900 });
  await rows.aiMessage('s', '8 days', { cost: 900 });
  expect(await rowsOf('ai_cost_usual')).toEqual([{ hour: 1 }]);
  await rows.aiMessage('s', '1 day 30 minutes', { cost: 6 });
  await rows.aiMessage('s', '7 days 30 minutes', { cost: 2 });
  await rows.aiMessage('s', '7 days 40 minutes', { cost: 2 });
  expect(await rowsOf('ai_cost_usual')).toEqual([{ hour: 5 }]);
});

test('webhook errors count in both spellings of the status, and also without a salon', async () => {
  await rows.salon('s');
  for (const status of ['Error', 'FAILED', 'SUCCESS']) await rows.webhook('s', '5 minutes', status);
  await rows.webhook(null, '5 minutes', 'FAILED');
  const answer = await rowsOf('webhook_errors');
  expect(Object.fromEntries(answer.map((row) => [row['salon_id'], row['error_count']]))).toEqual({ s: '2', '': '1' });
});

test('the growth of the database is since yesterday, and has no row without a size of yesterday', async () => {
  await admin.query('TRUNCATE database_sizes');
  expect(await rowsOf('backup_size')).toEqual([]);
  await admin.query(`INSERT INTO database_sizes VALUES ((${UTC_NOW})::date, 1250), ((${UTC_NOW})::date - 1, 1000)`);
  expect(await rowsOf('backup_size')).toEqual([{ growth_ratio: 0.25 }]);
});

test('a lost slot counts as the limit at which it was lost; a slot in use as what it keeps', async () => {
  const superuser = await cluster.connect(cluster.primary, cluster.superuser);
  try {
    await superuser.query("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
    await superuser.query('SELECT pg_reload_conf()');
    await superuser.query("SELECT pg_create_physical_replication_slot('forgotten', true)");
    const bytes = async () => Number((await byLabel('pg_slots_retained', 'slot_name', 'bytes'))['forgotten']);
    expect(await bytes()).toBeLessThan(16 * 2 ** 20);
    for (let i = 0; i < 4; i++) await superuser.query('CREATE TABLE t (); DROP TABLE t; SELECT pg_switch_wal()');
    await superuser.query('CHECKPOINT');
    const { rows: slots } = await superuser.query(
      "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'forgotten'",
    );
    expect(slots).toEqual([{ wal_status: 'lost' }]);
    expect(await bytes()).toBe(16 * 2 ** 20);
  } finally {
    await superuser.query("SELECT pg_drop_replication_slot('forgotten')");
    await superuser.query('ALTER SYSTEM RESET max_slot_wal_keep_size');
    await superuser.query('SELECT pg_reload_conf()');
    await superuser.end();
  }
});

test('slow statements and unused indexes are reported without SQL text', async () => {
  await admin.query("SELECT pg_sleep(1.1), 'a customer'");
  const [slow] = await rowsOf('slow_queries');
  expect(slow).toMatchObject({ queryid: expect.stringMatching(/^-?\d+$/) as string, calls: '1' });
  expect(Number(slow?.['mean_exec_time'])).toBeGreaterThan(1000);
  const unused = await rowsOf('unused_indexes');
  expect(unused.map((row) => row['indexrelname'])).toContain('idx_message_created_brin');
  expect(unused.map((row) => row['indexrelname'])).not.toContain('salons_pkey');
});

test('a table’s share of dead rows counts from 10,000 rows', async () => {
  await admin.query(
    'CREATE TABLE large (i int) WITH (autovacuum_enabled = off); CREATE TABLE small (i int) WITH (autovacuum_enabled = off)',
  );
  await admin.query('INSERT INTO large SELECT generate_series(1, 12000); DELETE FROM large WHERE i <= 3000');
  await admin.query('INSERT INTO small SELECT generate_series(1, 100); DELETE FROM small WHERE i <= 90');
  await admin.query('SELECT pg_stat_force_next_flush()');
  expect(await byLabel('table_bloat', 'relname', 'dead_ratio')).toMatchObject({ large: 0.25, small: 0 });
  await admin.query('DROP TABLE large, small');
});

test('sessions, open transactions and invalid indexes of all users are counted', async () => {
  const other = await cluster.connect(cluster.primary);
  await other.query('BEGIN');
  await other.query('SELECT pg_sleep(0.2)');
  expect(Number((await rowsOf('pg_connections'))[0]?.['idle_in_transaction'])).toBe(1);
  expect(Number((await rowsOf('pg_transactions'))[0]?.['longest_seconds'])).toBeGreaterThan(0.2);
  await other.query('ROLLBACK');
  await other.end();
  await rows.salon('s');
  await rows.booking('s', '1 hour', null);
  await rows.booking('s', '1 hour', null);
  await expect(admin.query('CREATE UNIQUE INDEX CONCURRENTLY broken ON bookings (salon_id)')).rejects.toMatchObject({
    code: '23505',
  });
  expect(await rowsOf('pg_indexes')).toEqual([{ invalid: '1' }]);
  await admin.query('DROP INDEX broken');
});
