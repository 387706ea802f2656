import { readAlarm } from '../../../lib/rehearsal/alarms/read-alarm';
import { DRILL_CADENCE } from '../../../lib/contract/drill/cadence';
import { type Course, DAY, FirstDays, HOUR, MINUTE } from '../../support/monitoring/first-days';
import { alarms, production } from './production';

/** On a Sunday, just after the backup and the weekly drill began: the first ones are as far away as they can be. */
const CREATED = Date.UTC(2026, 2, 8, 3, 30);
const days = (count: number) => Array.from({ length: count }, (_, day) => day);

/** As late as everything may be in an environment that is well. */
const WELL: Course = {
  created: CREATED,
  // AWS is still setting up network and permissions.
  firstCollectorPass: CREATED + 25 * MINUTE,
  firstInspectorPass: CREATED + 24 * MINUTE,
  serverCreated: CREATED - 20 * MINUTE,
  firstRecoveryPoint: CREATED + 30 * MINUTE,
  // The first job starts an hour late and takes twelve; the others take half an hour.
  backups: days(100).map((day) => Date.UTC(2026, 2, 9 + day, day === 0 ? 15 : 2, day === 0 ? 0 : 30)),
  drills: {
    verification: days(15).map((week) => Date.UTC(2026, 2, 15 + 7 * week, 5)),
    pointInTime: days(4).map((month) => Date.UTC(2026, 3 + month, 2, 9)),
    full: [Date.UTC(2026, 3, 3, 14)],
  },
  subscriptionConfirmed: CREATED + 24 * HOUR,
};
const DRILLS = { verification: [], pointInTime: [], full: [] };

const deployed = () => alarms().map(readAlarm);
const named = (...names: string[]) => deployed().filter(({ name }) => names.includes(name));

async function firstFired(
  course: Course,
  watched: ReturnType<typeof deployed>,
  until: number,
  stepMinutes = 5,
  tickMinutes = 1,
): Promise<Record<string, number>> {
  const firstDays = new FirstDays(watched, course);
  await firstDays.run(CREATED + until, stepMinutes, tickMinutes);
  return Object.fromEntries([...firstDays.fired].map(([name, at]) => [name.replace('production-', ''), at - CREATED]));
}

test('in the first three days of an environment that is well, no alarm fires', async () => {
  expect(deployed().length).toBeGreaterThan(60);
  const firstDays = new FirstDays(deployed(), WELL);
  await firstDays.run(CREATED + 3 * HOUR, 1);
  await firstDays.run(CREATED + 3 * DAY, 10);
  expect([...firstDays.fired.keys()]).toEqual([]);
}, 60_000);

test('in the first quarter, no drill counts as overdue', async () => {
  expect(await firstFired(WELL, named('production-RestoreDrillOverdue'), 100 * DAY, 240, 240)).toEqual({});
}, 60_000);

test('a collector that never comes up fires after half an hour', async () => {
  const course = { ...WELL, firstCollectorPass: undefined };
  const fired = await firstFired(course, deployed(), HOUR, 1);
  expect(fired).toEqual({ PostgreSQLMetricsMissing: 30 * MINUTE });
});

test('an inspector that never comes up fires after half an hour', async () => {
  const course = { ...WELL, firstInspectorPass: undefined };
  expect(await firstFired(course, deployed(), HOUR)).toEqual({
    PostgreSQLInspectorMissing: expect.any(Number) as number,
  });
  expect((await firstFired(course, deployed(), HOUR, 1))['PostgreSQLInspectorMissing']).toBe(30 * MINUTE);
});

test('a backup that never runs fires after two days', async () => {
  const fired = await firstFired({ ...WELL, backups: [] }, named('production-PostgreSQLBackupMissing'), 3 * DAY);
  expect(Object.keys(fired)).toEqual(['PostgreSQLBackupMissing']);
  expect(fired['PostgreSQLBackupMissing']).toBeGreaterThanOrEqual(2 * DAY);
  expect(fired['PostgreSQLBackupMissing']).toBeLessThanOrEqual(2 * DAY + HOUR);
}, 60_000);

test('a server that never gets a recovery point fires within an hour and a half of its creation', async () => {
  const course = { ...WELL, firstRecoveryPoint: undefined };
  const fired = await firstFired(course, deployed(), 3 * HOUR, 1);
  expect(Object.keys(fired)).toEqual(['PostgreSQLRecoveryPointOld']);
  expect(fired['PostgreSQLRecoveryPointOld']! + (CREATED - course.serverCreated)).toBeLessThanOrEqual(1.5 * HOUR);
});

test.each(['verification', 'pointInTime', 'full'] as const)(
  'a drill of the kind %s that never succeeds fires on the second morning after it is overdue',
  async (kind) => {
    const course = { ...WELL, drills: { ...WELL.drills, [kind]: DRILLS[kind] } };
    const fired = await firstFired(course, named('production-RestoreDrillOverdue'), 100 * DAY, 240, 240);
    const overdue = DRILL_CADENCE[kind].overdueAfterDays * DAY;
    expect(fired['RestoreDrillOverdue']).toBeGreaterThan(overdue);
    expect(fired['RestoreDrillOverdue']).toBeLessThan(overdue + 2 * DAY);
  },
  60_000,
);

test('a subscription that is never confirmed fires on the second day', async () => {
  const fired = await firstFired({ ...WELL, subscriptionConfirmed: undefined }, deployed(), 3 * DAY, 10);
  expect(Object.keys(fired)).toEqual(['SubscriptionsUnconfirmed']);
  expect(fired['SubscriptionsUnconfirmed']).toBeGreaterThan(DAY);
  expect(fired['SubscriptionsUnconfirmed']).toBeLessThan(2 * DAY);
}, 60_000);

test('every alarm that missing values make fire waits for the first value, and is created after what publishes it', () => {
  const found = Object.values(production().monitoring.findResources('AWS::CloudWatch::Alarm')).filter(
    ({ Properties }) => (Properties as { TreatMissingData: string }).TreatMissingData === 'breaching',
  );
  expect(found.length).toBeGreaterThanOrEqual(3);
  for (const { Properties, DependsOn } of found) {
    expect(Properties).toHaveProperty('WarmUpConfiguration.WarmUpPeriodDurationInMinutes');
    const { AlarmName } = Properties as { AlarmName: string };
    for (const publisher of ['Collector', 'Inspector']) {
      const waits = ((DependsOn ?? []) as string[]).some((id) => id.startsWith(`${publisher}Every`));
      expect([AlarmName, publisher, waits]).toEqual([AlarmName, publisher, true]);
    }
  }
});
