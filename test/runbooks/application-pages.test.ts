import type { Client } from 'pg';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { loadAlerts } from '../../lib/monitoring/alerts';
import { readPages } from '../../lib/runbooks/pages';
import { startMigratedCluster } from '../support/database/migrated-cluster';
import { type Answer, numbersIn, rowsOfQuery } from '../support/database/query-rows';
import { statementsOf } from '../support/database/runbook-statements';

const statements = [...readPages()].flatMap(([page, markdown]) => statementsOf(page, markdown));

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  await admin.query(readFileSync(join(__dirname, '../support/database/runbook-troubles.sql'), 'utf8'));
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});

/** The first row of the page's query with the text. */
async function firstRow(page: string, part: string): Promise<Answer> {
  const found = statements.find(({ page: name, sql }) => name === page && sql.includes(part));
  if (!found) throw new Error(`${page} has no query with ${part}`);
  return numbersIn((await admin.query<Record<string, unknown>>(found.sql)).rows)[0]!;
}

/** The first row of a query of the collector. */
async function metricRow(query: string): Promise<Answer> {
  return (await rowsOfQuery(admin, query))[0]!;
}

describe("the application's times are UTC without a zone", () => {
  const COLUMNS = '(created_at|updated_at|start_ts|end_ts|started_at|last_message_at|last_activity)';

  test('no page compares them with now(), which has the zone of the session', () => {
    const compared = new RegExp(`\\b${COLUMNS}\\)? *([<>]=?|BETWEEN|-) *now\\(\\)(?! AT TIME ZONE 'utc')`, 'i');
    expect(statements.filter(({ sql }) => compared.test(sql))).toEqual([]);
    expect(compared.test("created_at > now() - interval '1 hour'")).toBe(true);
    expect(compared.test("b.created_at > now() AT TIME ZONE 'utc' - interval '1 hour'")).toBe(false);
  });

  test.each(['Asia/Kathmandu', 'America/New_York', 'Pacific/Auckland'])(
    'the queries of the application answer the same in a session of %s',
    async (zone) => {
      const session = await cluster.connect(cluster.primary);
      try {
        const pages = loadAlerts().flatMap(({ name, group }) => (group === 'whatsapp_saas_alerts' ? [name] : []));
        for (const { sql } of statements.filter(({ page }) => pages.includes(page))) {
          // In one transaction now() stands still.
          await session.query('BEGIN READ ONLY; SET LOCAL timezone = UTC');
          const { rows: expected } = await session.query(sql);
          await session.query(`SET LOCAL timezone = '${zone}'`);
          const { rows: found } = await session.query(sql);
          await session.query('ROLLBACK');
          expect({ sql, found: found.length }).toEqual({ sql, found: expected.length });
        }
      } finally {
        await session.end();
      }
    },
  );
});

test('no page cancels and ends a session in one paste', () => {
  const blocks = [...readPages()].flatMap(([page, markdown]) =>
    [...markdown.matchAll(/```sql[^]*?```/g)].map(([block]) => ({ page, block })),
  );
  expect(blocks.length).toBeGreaterThan(50);
  expect(blocks.filter(({ block }) => /pg_cancel_backend[^]*pg_terminate_backend/.test(block))).toEqual([]);
});

test('the page answers the question of its alarm: failed messages', async () => {
  const metric = await metricRow('failed_messages');
  expect(await firstRow('HighMessageFailureRate', 'failed >= 10')).toMatchObject({
    salon_id: 'sample-salon',
    failed: metric['failed_count'],
    messages: metric['message_count'],
    ratio: metric['failed_ratio'],
  });
  expect(await firstRow('HighMessageFailureRate', 'place <= 10')).toMatchObject({
    salon_id: 'sample-salon',
    failed: 10,
  });
});

test('the page answers the question of its alarm: conflicting bookings', async () => {
  const metric = await metricRow('booking_conflicts');
  expect(metric).toMatchObject({ salon_id: 'sample-salon', conflict_count: 2, parallel: 2, capacity: 1 });
  expect(await firstRow('HighBookingConflictRate', 'AS taken')).toMatchObject({
    salon_id: 'sample-salon',
    booking_code: 'B2',
    taken: metric['parallel'],
    capacity: metric['capacity'],
  });
});

test('the page answers the question of its alarm: webhooks', async () => {
  const metric = await metricRow('webhook_errors');
  expect(await firstRow('WebhookProcessingErrors', 'AS a_minute')).toMatchObject({
    salon_id: 'sample-salon',
    event_type: 'messages',
    errors: metric['error_count'],
  });
});

test('the page answers the question of its alarm: tokens, and their usual hour', async () => {
  const metric = await metricRow('ai_token_usage');
  expect(await firstRow('AITokenUsageHigh', 'AS usual')).toMatchObject({
    salon_id: 'sample-salon',
    tokens: metric['unusual_tokens'],
    usual: metric['usual_tokens'],
  });
});

test('the page answers the question of its alarm: cost of the last hour, and of the usual one', async () => {
  const { sql } = statements.find(({ page, sql: text }) => page === 'AICostSpike' && text.includes('days_ago'))!;
  const { rows } = await admin.query<{ days_ago: number; dollars: string }>(sql);
  const [last, ...before] = rows.map(({ dollars }) => Number(dollars));
  expect(last).toBe(Number((await metricRow('ai_cost_last'))['hour']));
  const usual = before.reduce((sum, dollars) => sum + dollars, 0) / before.length;
  // The metric is at least a dollar, so that cheap requests are no spike.
  expect([usual, (await metricRow('ai_cost_usual'))['hour']]).toEqual([expect.closeTo(0.7, 9), 1]);
});

test('the page answers the question of its alarm: silent salons', async () => {
  const metric = await metricRow('silent_salons');
  expect(await firstRow('NoBookingsLast24Hours', 'AS expected')).toMatchObject({
    id: 'silent-salon',
    expected: metric['expected'],
  });
});

test('the page answers the question of its alarm: slow answers', async () => {
  const metric = await metricRow('ai_response_time');
  expect(await firstRow('AIResponseTimeSlow', 'avg_ms')).toMatchObject({
    salon_id: 'sample-salon',
    answers: metric['answer_count'],
    avg_ms: metric['avg_response_time_ms'],
  });
});
