import { loadEnvironment } from '../../lib/config';
import { primaryParameters } from '../../lib/config/postgres-parameters';
import type { AlarmMetric } from '../../lib/monitoring/compiler/compiled';
import { type MetricName, METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import { type Deviation, fired, replay } from '../support/monitoring/replay';

const HOUR = 60;
const DAY = 24 * HOUR;
/** When the deviation begins, minutes. */
const BEGIN = 2 * HOUR;

const sourceOf = ({ source }: AlarmMetric) => METRIC_SOURCES[source as MetricName];
const serverOf = ({ dimensions }: AlarmMetric) => dimensions['Server'];

test('without a deviation no alarm changes its state', () => {
  expect(replay(3 * DAY, () => undefined)).toEqual({});
});

test.each([
  ['collector', 'PostgreSQLMetricsMissing'],
  ['inspector', 'PostgreSQLInspectorMissing'],
])('a dead %s fires %s and nothing else', (publisher, heartbeat) => {
  expect(
    fired(3 * DAY, (metric, minute) => (sourceOf(metric).from === publisher && minute >= BEGIN ? NaN : undefined)),
  ).toEqual([heartbeat]);
});

test.each(['aws_rds_free_storage_space_minimum', 'rds_allocated_storage_bytes', 'pg_cache_hits', 'pg_cache_reads'])(
  'no alarm takes a missing %s for 0',
  (missing) => {
    expect(fired(DAY, ({ source }, minute) => (source === missing && minute >= BEGIN ? NaN : undefined))).toEqual([]);
  },
);

describe('a server that does not answer', () => {
  const down =
    (passes: number): Deviation =>
    (metric, minute) =>
      metric.source === 'pg_up' && serverOf(metric) === 'primary' && minute >= BEGIN && minute < BEGIN + passes
        ? 0
        : undefined;

  test('in one or two passes, as in a failover, fires nothing', () => {
    expect(fired(4 * HOUR, down(1))).toEqual([]);
    expect(fired(4 * HOUR, down(2))).toEqual([]);
  });
  test('in three passes pages with the end of the third', () => {
    expect(replay(4 * HOUR, down(3))).toEqual({
      'PostgreSQLDown-primary': [
        { minute: BEGIN + 3, state: 'ALARM' },
        { minute: BEGIN + 4, state: 'OK' },
      ],
    });
  });
  test('and then a collector that dies does not keep the alarm on', () => {
    const both: Deviation = (metric, minute) =>
      sourceOf(metric).from === 'collector' && minute >= BEGIN + 3 ? NaN : down(3)(metric, minute);
    const changes = replay(4 * HOUR, both)['PostgreSQLDown-primary'];
    expect(changes?.at(-1)?.state).toBe('OK');
  });
});

describe('replication lag', () => {
  const lag =
    (seconds: (minute: number) => number): Deviation =>
    ({ source }, minute) =>
      source === 'replication_lag_lag_seconds' && minute >= BEGIN ? seconds(minute) : undefined;
  const alarms = (alert: string) => [`${alert}-replica-1`, `${alert}-replica-2`];

  test('that swings around 300 s warns', () => {
    expect(
      fired(
        4 * HOUR,
        lag((minute) => (minute % 2 === 0 ? 250 : 350)),
      ),
    ).toEqual(alarms('PostgreSQLReplicationLag'));
  });
  test('that stands at 300 s is critical', () => {
    expect(
      fired(
        4 * HOUR,
        lag(() => 300),
      ),
    ).toEqual([...alarms('PostgreSQLReplicationLag'), ...alarms('PostgreSQLReplicationLagCritical')]);
  });
});

test('an idle transaction fires before the server ends it', () => {
  const parameters = primaryParameters(loadEnvironment('production'));
  const timeoutSeconds = Number(parameters['idle_in_transaction_session_timeout']) / 1000;
  for (let offset = 0; offset < 60; offset++) {
    // It begins `offset` seconds after a pass.
    const age = (minute: number) => 60 * (minute - BEGIN) - offset;
    const isOpen = (minute: number) => age(minute) >= 0 && age(minute) <= timeoutSeconds;
    const deviation: Deviation = (_, minute) => (isOpen(minute) ? age(minute) : 0);
    const told = replay(BEGIN + HOUR, deviation, 'PostgreSQLHighQueryDuration')[
      'PostgreSQLHighQueryDuration-primary'
    ]?.[0];
    expect(told?.state).toBe('ALARM');
    expect(age(told!.minute)).toBeLessThanOrEqual(timeoutSeconds);
  }
});

describe('a low cache hit ratio', () => {
  const blocks =
    (perSecond: number, share: number): Deviation =>
    ({ source }, minute) => {
      if (minute < BEGIN) return undefined;
      if (source === 'pg_cache_hits') return 60 * perSecond * share;
      return source === 'pg_cache_reads' ? 60 * perSecond * (1 - share) : undefined;
    };
  const alarms = ['primary', 'replica-1', 'replica-2'].map((server) => `PostgreSQLCacheHitRatioLow-${server}`);

  test.each([
    ['of a server with traffic fires', 2000, 0.9, alarms],
    ['of a server with hardly any traffic is nobody’s concern', 10, 0.5, []],
    ['of a server without traffic has no value', 0, 1, []],
    ['is not a high one', 2000, 0.99, []],
  ])('%s', (_, perSecond, share, names) => {
    expect(fired(4 * HOUR, blocks(perSecond, share))).toEqual(names);
  });
});
