import type { Client } from 'pg';
import { OWN_ROWS } from '../../../lib/contract/own-rows';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { METRICS_LOGIN, startMigratedCluster } from '../../support/database/migrated-cluster';
import { rowsBySalon } from '../../support/database/query-rows';
import { Rows, UTC_NOW } from '../../support/database/rows';

/** Values of the queries about bookings, computed by hand on crafted rows. */

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

async function recordCapacities(): Promise<number> {
  const { sql } = OWN_ROWS.find(({ name }) => name === 'salon_capacities')!;
  return (await metrics.query(sql)).rowCount ?? 0;
}

async function capacities(): Promise<Record<string, unknown>> {
  const { rows: found } = await admin.query<{ salon_id: string; parallel: number }>('SELECT * FROM salon_capacities');
  return Object.fromEntries(found.map(({ salon_id, parallel }) => [salon_id, parallel]));
}

/** Bookings that were made a week ago and start in `days` days. */
async function oldBooking(salon: string, start: string, end: string | null, ago = '7 days'): Promise<void> {
  await rows.booking(salon, start, end, ago);
}

describe('salon_capacities', () => {
  test('the most bookings at the same time; adjacent ones are not at the same time', async () => {
    for (const salon of ['none', 'adjacent', 'three', 'nested', 'instant']) await rows.salon(salon, '30 days');
    for (const [start, end] of [
      ['10:00', '11:00'],
      ['11:00', '12:00'],
    ] as const)
      await oldBooking('adjacent', start, end);
    for (const [start, end] of [
      ['10:00', '12:00'],
      ['11:00', '13:00'],
      ['11:30', '11:45'],
      ['12:30', '14:00'],
    ] as const)
      await oldBooking('three', start, end);
    for (const [start, end] of [
      ['08:00', '22:00'],
      ['09:00', '10:00'],
      ['15:00', '16:00'],
    ] as const)
      await oldBooking('nested', start, end);
    await oldBooking('instant', '10:00', null);
    await oldBooking('instant', '10:00', null);
    expect(await recordCapacities()).toBe(5);
    expect(await capacities()).toEqual({ none: 1, adjacent: 1, three: 3, nested: 2, instant: 2 });
  });

  test('the last day, cancelled bookings, inactive and new salons do not count, and a salon is recorded once a day', async () => {
    await rows.salon('s', '30 days');
    await rows.salon('closed', '30 days', { is_active: 'false' });
    await rows.salon('new', '13 days');
    await oldBooking('s', '10:00', '11:00');
    await rows.booking('s', '10:00', '11:00', '3 hours');
    await rows.booking('s', '10:00', '11:00', '7 days', { status: 'CANCELLED' });
    expect([await recordCapacities(), await recordCapacities()]).toEqual([1, 0]);
    expect(await capacities()).toEqual({ s: 1 });
  });

  test('a booking that is longer than ever is recorded in the same pass, not the next day', async () => {
    await rows.salon('s', '30 days');
    await recordCapacities();
    await rows.booking('s', '10:00', '24:00');
    expect([await recordCapacities(), await recordCapacities()]).toEqual([1, 0]);
    const { rows: found } = await admin.query('SELECT longest_seconds FROM salon_capacities');
    expect(found).toEqual([{ longest_seconds: 14 * 3600 }]);
  });

  test('at most 50 salons in a pass, until all are recorded', async () => {
    for (let i = 0; i < 120; i++) await rows.salon(`s${i}`, '30 days');
    expect([
      await recordCapacities(),
      await recordCapacities(),
      await recordCapacities(),
      await recordCapacities(),
    ]).toEqual([50, 50, 20, 0]);
  });
});

async function conflicts(): Promise<Record<string, unknown>> {
  const found = await rowsBySalon(metrics, 'booking_conflicts');
  return Object.fromEntries(Object.entries(found).map(([salon, row]) => [salon, row['conflict_count']]));
}

describe('booking_conflicts', () => {
  beforeEach(() => rows.salon('s', '30 days'));

  const cases: [string, [string, string | null], [string, string | null], number][] = [
    ['the same start', ['10:00', '11:00'], ['10:00', '11:00'], 2],
    ['a start within', ['10:00', '11:00'], ['10:30', '11:30'], 2],
    ['one that contains the other', ['10:00', '14:00'], ['11:00', '12:00'], 2],
    ['one after the other', ['10:00', '11:00'], ['11:00', '12:00'], 0],
    ['the same start without an end', ['10:00', null], ['10:00', null], 2],
    ['a start without an end within', ['10:00', '11:00'], ['10:30', null], 2],
    ['a start without an end at the end', ['10:00', '11:00'], ['11:00', null], 0],
    ['an end before its start', ['10:00', '09:00'], ['09:30', '09:45'], 0],
    ['fourteen hours, and one in the last', ['08:00', '22:00'], ['21:30', '22:30'], 2],
  ];
  test.each(cases)('with one chair: %s', async (_, first, second, count) => {
    await recordCapacities();
    await rows.booking('s', ...first);
    await rows.booking('s', ...second);
    await recordCapacities();
    expect(await conflicts()).toEqual(count === 0 ? {} : { s: count });
  });

  test('a new booking at the end of one of three days is found', async () => {
    await oldBooking('s', '00:00', '71:00');
    await recordCapacities();
    await rows.booking('s', '70:00', '70:30');
    expect(await conflicts()).toEqual({ s: 1 });
  });

  test('bookings that a salon with three chairs can take are none; the fourth at the same time is', async () => {
    for (const end of ['11:00', '12:00', '13:00']) await oldBooking('s', '10:00', end);
    await recordCapacities();
    for (const [start, end] of [
      ['34:00', '35:00'],
      ['34:00', '36:00'],
      ['34:30', '37:00'],
      ['36:00', '37:00'],
    ] as const)
      await rows.booking('s', start, end);
    expect(await conflicts()).toEqual({});
    await rows.booking('s', '34:45', '34:50');
    // It and the three that it comes on top of; the one at 36:00 has room.
    expect(await rowsBySalon(metrics, 'booking_conflicts')).toEqual({
      s: { conflict_count: 4, parallel: 4, capacity: 3 },
    });
  });

  test('excludes other salons, other states, bookings of the future, unknown salons and what was made before', async () => {
    await rows.salon('other', '30 days');
    await recordCapacities();
    await rows.salon('unknown', '30 days');
    for (const salon of ['unknown', 'unknown']) await rows.booking(salon, '10:00', '11:00');
    await rows.booking('s', '10:00', '11:00');
    await rows.booking('other', '10:00', '11:00');
    await rows.booking('s', '10:00', '11:00', '10 minutes', { status: 'CANCELLED' });
    await rows.booking('s', '10:00', '11:00', '-10 minutes');
    for (const ago of ['2 hours', '2 hours']) await rows.booking('s', '15:00', '16:00', ago);
    expect(await conflicts()).toEqual({});
  });
});

describe('silent_salons', () => {
  /** Bookings of four weeks, `perDay` a day at even distances, that end `silentFor` ago. */
  async function history(salon: string, perDay: number, silentFor: string): Promise<void> {
    await rows.salon(salon, '60 days');
    await admin.query(
      `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, status, created_at, updated_at)
       SELECT $1 || n, $1 || n, $1, '+1', 'x', 'x', ${UTC_NOW}, 'COMPLETED', ${UTC_NOW} - $3::interval - n * interval '1 day' / $2::int, now()
         FROM generate_series(0, 45 * $2::int) AS n`,
      [salon, perDay, silentFor],
    );
  }

  test('a busy salon is silent after a day, one with fewer bookings only after the time of 15 of them', async () => {
    await history('busy', 20, '24 hours 10 minutes');
    await history('quiet', 5, '24 hours 10 minutes');
    await history('quiet for long', 5, '3 days 2 hours');
    await history('well', 20, '23 hours 50 minutes');
    const found = await rowsBySalon(metrics, 'silent_salons');
    expect(Object.keys(found).sort()).toEqual(['busy', 'quiet for long']);
    expect(found['busy']).toEqual({ hours: expect.closeTo(24.17, 1) as number, expected: 20, is_new: 1 });
    expect(found['quiet for long']).toMatchObject({ expected: 15, is_new: 0 });
  });

  test('it is new for an hour, so that the next salon is noticed while it is still silent', async () => {
    await history('first', 20, '26 hours');
    await history('next', 20, '24 hours 30 minutes');
    const found = await rowsBySalon(metrics, 'silent_salons');
    expect([found['first']?.['is_new'], found['next']?.['is_new']]).toEqual([0, 1]);
  });

  test('closed days are usual; a salon without a booking ever, an inactive one and one silent for weeks are not listed', async () => {
    // Two days without bookings in each week, and now again.
    await history('closed on two days', 20, '47 hours');
    await admin.query(
      `DELETE FROM bookings WHERE EXTRACT(epoch FROM ${UTC_NOW} - created_at) % (7 * 86400) < 47 * 3600`,
    );
    await rows.salon('never', '60 days');
    await history('inactive', 20, '2 days');
    await admin.query("UPDATE salons SET is_active = false WHERE id = 'inactive'");
    await history('left', 20, '15 days');
    expect(await rowsBySalon(metrics, 'silent_salons')).toEqual({});
  });
});
