import type { Client } from 'pg';
import { type ApplicationMetric, applicationValues } from '../../lib/backtest/model/application';
import { DAY, HOUR, WEEK } from '../../lib/backtest/model/clock';
import type { Effect } from '../../lib/backtest/model/effects';
import { drawSalons } from '../../lib/backtest/model/salons';
import { OWN_ROWS } from '../../lib/contract/own-rows';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { loadQueries } from '../../lib/monitoring/queries';
import { startMigratedCluster } from '../support/database/migrated-cluster';
import { ModelRows } from '../support/database/model-rows';
import { numbersIn } from '../support/database/query-rows';

jest.setTimeout(60_000);

const SEED = 7;
const SPAN = { start: 10 * WEEK, minutes: 3 * DAY };
/** Large, medium and small salons by their rank. */
const RANKS = [4, 12, 60, 300, 900];
const salons = drawSalons(SEED, SPAN.start).filter(({ index }) => RANKS.includes(index));
/** Every kind of incident, so that the values differ from 0. */
const EFFECTS: readonly Effect[] = [
  { from: SPAN.start + 10 * HOUR, until: SPAN.start + 12 * HOUR, messages: 0.05 },
  { salons: [12], from: SPAN.start + 9 * HOUR, until: SPAN.start + 12 * HOUR, failureRate: 0.4 },
  { salons: [300], from: SPAN.start, until: SPAN.start + 2 * DAY, failureRate: 1 },
  { salons: [12], from: SPAN.start + 2 * HOUR, until: SPAN.start + 3 * DAY, bookings: 0 },
  { salons: [4], from: SPAN.start + DAY + 9 * HOUR, until: SPAN.start + DAY + 12 * HOUR, doubleBooked: true },
  { salons: [4], from: SPAN.start + 12 * HOUR, until: SPAN.start + 14 * HOUR, latency: 3, answers: 8, tokens: 2 },
  { salons: [4], from: SPAN.start + 9 * HOUR, until: SPAN.start + 11 * HOUR, webhookErrorRate: 0.5 },
];
/** Moments at which a pass reads: multiples of 15 minutes, when no rows are cached. */
const MOMENTS = [
  15,
  9 * HOUR + 45,
  11 * HOUR,
  12 * HOUR + 45,
  14 * HOUR,
  DAY + 2 * HOUR + 15,
  DAY + 2 * HOUR + 45,
  DAY + 10 * HOUR + 30,
  2 * DAY + 20 * HOUR,
];

let folder: RunFolder;
let admin: Client;
let rows: ModelRows;

beforeAll(async () => {
  folder = new RunFolder();
  ({ admin } = await startMigratedCluster(folder));
  await admin.query("SET timezone = 'UTC'");
  rows = new ModelRows(admin, new Date('2026-01-05T00:00:00Z'));
  for (const salon of salons) await rows.write(SEED, salon, SPAN, EFFECTS);
  for (const moment of MOMENTS) await rows.writeReceived(SEED, SPAN.start + moment, EFFECTS);
  await admin.query('ANALYZE');
});
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});

/** Runs SQL as if it were asked at a minute of the span. */
async function askAt(sql: string, minute: number) {
  const now = `timestamptz '${rows.timeOf(SPAN.start + minute)}+00'`;
  return numbersIn((await admin.query<Record<string, unknown>>(sql.replaceAll('now()', now))).rows);
}

const COLUMNS: Readonly<Record<ApplicationMetric, readonly [query: string, column: string]>> = {
  failed_messages_failed_ratio: ['failed_messages', 'failed_ratio'],
  ai_response_time_avg_response_time_ms: ['ai_response_time', 'avg_response_time_ms'],
  ai_token_usage_unusual_tokens: ['ai_token_usage', 'unusual_tokens'],
  ai_cost_last_hour: ['ai_cost_last', 'hour'],
  ai_cost_usual_hour: ['ai_cost_usual', 'hour'],
  webhook_errors_error_count: ['webhook_errors', 'error_count'],
  booking_conflicts_conflict_count: ['booking_conflicts', 'conflict_count'],
  silent_salons_is_new: ['silent_salons', 'is_new'],
  service_traffic_messages: ['service_traffic', 'messages'],
  usual_traffic_messages: ['usual_traffic', 'messages'],
};

test('the values of the model are those that the real queries answer on the same events', async () => {
  const model = applicationValues({ seed: SEED, span: SPAN, salons, effects: EFFECTS });
  const capacities = OWN_ROWS.find(({ name }) => name === 'salon_capacities')!.sql;
  const seen = new Map<string, Set<number>>();
  for (const moment of MOMENTS) {
    // The collector records them at midnight.
    await askAt(capacities, Math.floor(moment / DAY) * DAY);
    for (const [metric, [query, column]] of Object.entries(COLUMNS)) {
      const { sql } = loadQueries().find(({ name }) => name === query)!;
      const found = (await askAt(sql, moment)).map((row) => Number(row[column]));
      const worst = found.length === 0 ? NaN : Math.max(...found);
      const modelled = model[metric as ApplicationMetric][moment]!;
      const at = `${metric} at minute ${moment}`;
      // Times of answers are whole milliseconds in the table; all else is exact except for the order of sums.
      const tolerance = metric === 'ai_response_time_avg_response_time_ms' ? 1 : 1e-6 * Math.max(1, Math.abs(worst));
      if (Number.isNaN(worst) || Number.isNaN(modelled)) expect([at, modelled]).toEqual([at, worst]);
      else expect([at, Math.abs(modelled - worst) <= tolerance, modelled, worst]).toEqual([at, true, modelled, worst]);
      seen.set(metric, (seen.get(metric) ?? new Set()).add(Math.round(worst * 1000)));
    }
  }
  // Every metric had at least two different values: none was equal because nothing happened.
  for (const [metric, values] of seen) expect([metric, values.size > 1]).toEqual([metric, true]);
});
