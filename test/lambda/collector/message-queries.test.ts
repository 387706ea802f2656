import type { Client } from 'pg';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { METRICS_LOGIN, startMigratedCluster } from '../../support/database/migrated-cluster';
import { rowsBySalon } from '../../support/database/query-rows';
import { Rows } from '../../support/database/rows';

/** Values of the queries about messages and AI, computed by hand on crafted rows. */

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

describe('failed_messages', () => {
  async function messages(salon: string, ago: string, failed: number, sent: number): Promise<void> {
    for (let i = 0; i < sent; i++) await rows.message(salon, ago, { status: i < failed ? 'FAILED' : 'READ' });
  }

  test('the share counts from ten failed of an hour; only sent messages count', async () => {
    for (const id of ['quiet', 'nine', 'ten', 'well']) await rows.salon(id);
    await messages('quiet', '5 minutes', 1, 2);
    await messages('nine', '5 minutes', 9, 40);
    await messages('ten', '5 minutes', 10, 40);
    for (let i = 0; i < 100; i++) await rows.message('ten', '5 minutes', { direction: 'INBOUND', status: 'READ' });
    await messages('well', '5 minutes', 0, 3);
    expect(await rowsBySalon(metrics, 'failed_messages')).toEqual({
      quiet: { failed_count: 1, message_count: 2, failed_ratio: 0 },
      nine: { failed_count: 9, message_count: 40, failed_ratio: 0 },
      ten: { failed_count: 10, message_count: 40, failed_ratio: 0.25 },
      well: { failed_count: 0, message_count: 3, failed_ratio: 0 },
    });
  });

  test('a salon with few messages counts when eight of its last ten failed, the last within three hours', async () => {
    for (const id of ['eight', 'seven', 'nine of nine', 'long ago', 'recovered']) await rows.salon(id);
    await messages('eight', '2 days', 0, 2);
    await messages('eight', '2 hours', 8, 8);
    await messages('seven', '2 days', 0, 3);
    await messages('seven', '2 hours', 7, 7);
    await messages('nine of nine', '2 hours', 9, 9);
    await messages('long ago', '4 hours', 10, 10);
    await messages('recovered', '2 hours', 10, 10);
    await messages('recovered', '1 minute', 0, 3);
    expect(await rowsBySalon(metrics, 'failed_messages')).toEqual({
      eight: { failed_count: 8, message_count: 10, failed_ratio: 0.8 },
      'nine of nine': { failed_count: 9, message_count: 9, failed_ratio: 1 },
      recovered: { failed_count: 0, message_count: 3, failed_ratio: 0 },
    });
  });

  test('the window is an hour, and messages of the future do not count', async () => {
    await rows.salon('s');
    await messages('s', '59 minutes 59 seconds', 12, 12);
    await messages('s', '60 minutes 1 second', 20, 20);
    await messages('s', '-1 minute', 20, 20);
    expect(await rowsBySalon(metrics, 'failed_messages')).toEqual({
      s: { failed_count: 12, message_count: 12, failed_ratio: 1 },
    });
  });
});

describe('ai_response_time', () => {
  test('a salon and model count from 20 answers; answers without a time and of the future do not count', async () => {
    await rows.salon('s');
    for (let i = 0; i < 20; i++) {
      await rows.aiMessage('s', '5 minutes', { ai_model: 'slow', response_time_ms: 9000 });
      if (i > 0) await rows.aiMessage('s', '5 minutes', { ai_model: 'few', response_time_ms: 9000 });
    }
    await rows.aiMessage('s', '5 minutes', { ai_model: 'few', response_time_ms: null });
    await rows.aiMessage('s', '-5 minutes', { ai_model: 'few', response_time_ms: 9000 });
    expect(await rowsBySalon(metrics, 'ai_response_time')).toEqual({
      s: {
        ai_model: 'slow',
        avg_response_time_ms: 9000,
        max_response_time_ms: 9000,
        min_response_time_ms: 9000,
        answer_count: 20,
      },
    });
  });
});

test('ai_token_usage: unusual are tokens over three times the average of the same hour of seven days', async () => {
  for (const id of ['usual', 'unusual', 'new']) await rows.salon(id);
  for (const salon of ['usual', 'unusual', 'new']) await rows.aiMessage(salon, '30 minutes', { tokens_used: 120_000 });
  for (let day = 1; day <= 7; day++) {
    await rows.aiMessage('usual', `${day} days 30 minutes`, { tokens_used: 40_000 });
    await rows.aiMessage('unusual', `${day} days 30 minutes`, { tokens_used: 39_000 });
    await rows.aiMessage('unusual', `${day} days 90 minutes`, { tokens_used: 900_000 });
  }
  await rows.aiMessage('new', '30 minutes', { tokens_used: null });
  expect(await rowsBySalon(metrics, 'ai_token_usage')).toEqual({
    usual: { tokens: 120_000, usual_tokens: 40_000, unusual_tokens: 0 },
    unusual: { tokens: 120_000, usual_tokens: 39_000, unusual_tokens: 120_000 },
    new: { tokens: 120_000, usual_tokens: 0, unusual_tokens: 120_000 },
  });
});
