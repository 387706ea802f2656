import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { readMigrations } from '../../lib/contract/migrations';
import { runMigrations } from '../../lambda/migrate/runner';
import { MIGRATIONS, MigrationServer } from '../support/database/migration-server';

const QUERIES = join(__dirname, '../../lib/benchmark/application-queries');
const POPULAR_INTENTS = readFileSync(join(QUERIES, 'popular-intents.sql'), 'utf8');
const CONVERSATION_QUALITY = readFileSync(join(QUERIES, 'conversation-quality.sql'), 'utf8');
const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'] as const;

/**
 * 8 salons, two of them with conversations but no message; messages of three days, also on midnight and a millisecond before it, a
 * fifth without an intent, a third of the replies without a response time. setseed makes the random numbers the same in each run.
 */
const DATA = `
  SELECT setseed(0.5);
  INSERT INTO ai_conversations (id, salon_id, phone_number, conversation_id, last_activity)
    SELECT 'a' || n, 's' || 1 + n % 8, '+49' || n, 'v' || n, timestamp '2026-01-01' + random() * interval '3 days'
      FROM generate_series(1, 400) n;
  INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, tokens_used, cost, response_time_ms, intent, created_at)
    SELECT 'i' || n, 'v' || conversation, 's' || 1 + conversation % 8, '+49', direction::"MessageDirection", 'x',
           CASE WHEN random() < 0.5 THEN floor(random() * 900)::int END, round((random() * 8)::numeric) / 8,
           CASE WHEN direction = 'OUTBOUND' AND random() < 0.66 THEN floor(random() * 9000)::int END,
           CASE WHEN random() < 0.8 THEN (ARRAY['book', 'cancel', 'price', 'O''Hara'])[1 + floor(random() * 4)::int] END,
           CASE WHEN random() < 0.1 THEN timestamp '2026-01-01' + floor(random() * 4) * interval '1 day' - (n % 2) * interval '1 ms'
                ELSE timestamp '2026-01-01' + random() * interval '3 days' END
      FROM (SELECT n, 1 + floor(random() * 400)::int AS conversation, (ARRAY['INBOUND', 'OUTBOUND'])[1 + floor(random() * 2)::int] AS direction
              FROM generate_series(1, 6000) n OFFSET 0) AS drawn
     WHERE conversation % 8 > 1`;

let server: MigrationServer;
let client: Client;
beforeAll(async () => {
  server = await MigrationServer.start();
  ({ client } = await server.freshDatabase());
  await runMigrations(client, readMigrations(MIGRATIONS));
  await client.query(DATA);
  for (const day of DAYS) await client.query('SELECT refresh_intent_analytics($1)', [day]);
}, 60_000);
afterAll(async () => {
  await client?.end();
  await server?.dispose();
});

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await client.query<Row>(sql, values)).rows;
}

describe('popular intents', () => {
  /** The slow method: group the messages themselves. */
  const SLOW = `SELECT intent, count(*) AS messages FROM ai_messages
    WHERE ($1::text IS NULL OR salon_id = $1) AND created_at >= $2::date AND created_at < $3::date + 1 AND intent IS NOT NULL
    GROUP BY intent ORDER BY messages DESC, intent LIMIT $4`;

  test.each([
    [null, '2026-01-01', '2026-01-04', 10],
    [null, '2026-01-02', '2026-01-02', 2],
    ['s3', '2026-01-01', '2026-01-03', 10],
    ['s3', '2026-01-03', '2026-01-03', 1],
    ['s1', '2026-01-01', '2026-01-04', 10],
    ['no such salon', '2026-01-01', '2026-01-04', 10],
    [null, '2027-01-01', '2027-02-01', 10],
  ])('are those of the messages themselves: salon %s from %s to %s, %s at most', async (...values) => {
    expect(await rows(POPULAR_INTENTS, values)).toEqual(await rows(SLOW, values));
  });

  test('of the test data are not empty', async () => {
    expect(await rows(POPULAR_INTENTS, [null, '2026-01-01', '2026-01-04', 10])).toHaveLength(4);
  });
});

describe('refresh_intent_analytics', () => {
  const COUNTS =
    'SELECT id, salon_id, intent, count, date::text, updated_at FROM intent_analytics ORDER BY date, salon_id, intent';
  const refresh = async (day: string) =>
    (await rows<{ rows: string }>('SELECT refresh_intent_analytics($1) AS rows', [day]))[0]?.rows;

  test('run twice, changes no row the second time', async () => {
    const before = await rows(COUNTS);
    expect(await refresh('2026-01-02')).toBe('0');
    expect(await rows(COUNTS)).toEqual(before);
  });

  test('counts late messages, drops intents that have no message any more, and leaves other days alone', async () => {
    const others = "SELECT * FROM intent_analytics WHERE date <> '2026-01-02' ORDER BY id";
    const before = await rows(others);
    await client.query('BEGIN');
    await client.query(
      "DELETE FROM ai_messages WHERE salon_id = 's3' AND intent = 'book' AND created_at::date = '2026-01-02'",
    );
    await client.query(
      "INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, intent, created_at) VALUES ('late', 'v', 's3', '+49', 'INBOUND', 'x', 'new', '2026-01-02 23:59:59.999'), ('later', 'v', 's3', '+49', 'INBOUND', 'x', 'new', '2026-01-03')",
    );
    expect(await refresh('2026-01-02')).toBe('2');
    const intents = await rows(
      "SELECT intent, count FROM intent_analytics WHERE salon_id = 's3' AND date = '2026-01-02' AND intent IN ('book', 'new')",
    );
    expect(intents).toEqual([{ intent: 'new', count: 1 }]);
    expect(await rows(others)).toEqual(before);
    await client.query('ROLLBACK');
  });

  test('means UTC days, whatever the session’s time zone', async () => {
    await client.query("SET timezone TO 'Pacific/Auckland'");
    expect(await refresh('2026-01-02')).toBe('0');
    await client.query('RESET timezone');
  });
});

interface Message {
  conversation_id: string;
  direction: string;
  response_time_ms: number | null;
  tokens_used: number | null;
  cost: number | null;
}

/** The quality that the slow method finds: load every conversation, then its messages, and count in the application. */
async function loadedQuality(salon: string | null, from: string, to: string): Promise<unknown[]> {
  const conversations = await rows<{ salon_id: string; conversation_id: string }>(
    'SELECT salon_id, conversation_id FROM ai_conversations WHERE $1::text IS NULL OR salon_id = $1',
    [salon],
  );
  const bySalon = new Map<string, Message[][]>();
  for (const { salon_id, conversation_id } of conversations) {
    const messages = await rows<Message>(
      'SELECT * FROM ai_messages WHERE conversation_id = $1 AND created_at >= $2 AND created_at < $3',
      [conversation_id, from, to],
    );
    if (messages.length > 0) bySalon.set(salon_id, [...(bySalon.get(salon_id) ?? []), messages]);
  }
  return [...bySalon].sort(([a], [b]) => (a < b ? -1 : 1)).map(([salonId, all]) => qualityOf(salonId, all));
}

/** The row of a salon, from the messages of each of its conversations. */
function qualityOf(salonId: string, all: Message[][]): unknown {
  const messages = all.flat();
  const of = (direction: string, some: Message[]) => some.filter((message) => message.direction === direction);
  const times = messages.flatMap(({ response_time_ms: ms }) => (ms === null ? [] : [ms]));
  const sum = (numbers: (number | null)[]) => numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
  return {
    salon_id: salonId,
    conversations: String(all.length),
    inbound_messages: String(of('INBOUND', messages).length),
    outbound_messages: String(of('OUTBOUND', messages).length),
    messages_per_conversation: expect.closeTo(messages.length / all.length, 9) as number,
    longest_conversation: String(Math.max(...all.map(({ length }) => length))),
    answered_conversations: String(
      all.filter((each) => of('INBOUND', each).length > 0 && of('OUTBOUND', each).length > 0).length,
    ),
    average_response_ms: times.length === 0 ? null : (expect.closeTo(sum(times) / times.length, 6) as number),
    tokens: String(sum(messages.map(({ tokens_used }) => tokens_used))),
    cost: expect.closeTo(sum(messages.map(({ cost }) => cost)), 6) as number,
  };
}

describe('conversation quality', () => {
  test.each([
    [null, '2026-01-01', '2026-01-04', 6],
    [null, '2026-01-02', '2026-01-03', 6],
    ['s3', '2026-01-01', '2026-01-04', 1],
    ['s1', '2026-01-01', '2026-01-04', 0],
    ['s9', '2026-01-01', '2026-01-04', 0],
    [null, '2027-01-01', '2027-02-01', 0],
  ])('is that of the conversations themselves: salon %s from %s to %s', async (salon, from, to, salons) => {
    const quality = await rows(CONVERSATION_QUALITY, [salon, from, to]);
    expect(quality).toEqual(await loadedQuality(salon, from, to));
    expect(quality).toHaveLength(salons);
  });

  test('of a period stays what it was when its conversations go on', async () => {
    const january = [null, '2026-01-01', '2026-02-01'];
    const before = await rows(CONVERSATION_QUALITY, january);
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO ai_messages (id, conversation_id, salon_id, phone_number, direction, content, created_at)
       SELECT 'february' || id, conversation_id, salon_id, phone_number, 'INBOUND', 'x', '2026-02-01' FROM ai_conversations`,
    );
    await client.query("UPDATE ai_conversations SET last_activity = '2026-02-01'");
    expect(await rows(CONVERSATION_QUALITY, january)).toEqual(before);
    await client.query('ROLLBACK');
  });
});
