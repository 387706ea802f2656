import { createApp } from '../../lib/app';
import { EnvironmentAssembly } from '../../lib/assembly/environment-assembly';
import { changesOf } from '../../lib/backtest/alarms/firings';
import { ModelledSeries } from '../../lib/backtest/alarms/series';
import { readWatched, type Watched, type WatchedAlarm } from '../../lib/backtest/alarms/watched';
import { APPLICATION_INCIDENTS } from '../../lib/backtest/incidents/application';
import { CACHE_INCIDENTS } from '../../lib/backtest/incidents/cache';
import { constant, type Incident } from '../../lib/backtest/incidents/incident';
import { JOB_INCIDENTS } from '../../lib/backtest/incidents/jobs';
import { OPERATION_INCIDENTS } from '../../lib/backtest/incidents/operations';
import { PROXY_INCIDENTS } from '../../lib/backtest/incidents/proxy';
import { SERVER_INCIDENTS } from '../../lib/backtest/incidents/servers';
import { type IncidentStage, tryIncident } from '../../lib/backtest/incidents/try-incident';
import { applicationValues } from '../../lib/backtest/model/application';
import { DAY, WARM_UP, WEEK } from '../../lib/backtest/model/clock';
import { drawSalons } from '../../lib/backtest/model/salons';
import { evaluateNormalMonth } from '../../lib/backtest/month';
import { once } from '../../lib/shared/once';
import { withTemporaryFolder } from '../../lib/shared/temporary-folder';

jest.setTimeout(60_000);

const SEED = 3;
const START = 10 * WEEK;
const SPAN = { start: START - WARM_UP, minutes: WARM_UP + 2 * DAY };
const WINDOW = { startMinute: 6 * DAY + 240, endMinute: 6 * DAY + 300 };
const salons = drawSalons(SEED, START, 30);
const application = applicationValues({ seed: SEED, span: { start: START, minutes: 2 * DAY }, salons, effects: [] });

let watched: Watched;
beforeAll(() => {
  watched = withTemporaryFolder('backtest-test-', (outdir) => {
    createApp({ environments: ['production'], outdir, bundle: false }).synth();
    return readWatched(new EnvironmentAssembly(outdir, 'production'));
  });
});

const series = new ModelledSeries({ seed: SEED, span: SPAN, application, overlays: [] });
const normalChanges = once(() => changesOf(watched, series));

/** The stage with some alarms changed. */
function stageWith(change: (alarm: WatchedAlarm) => WatchedAlarm, composites = watched.composites): IncidentStage {
  const changed = { ...watched, alarms: watched.alarms.map(change), composites };
  const unchanged = changed.alarms.filter((alarm) => watched.alarms.includes(alarm)).map(({ name }) => name);
  const known = new Map([...normalChanges()].filter(([name]) => unchanged.includes(name)));
  const normal = changesOf(changed, series, known);
  return {
    watched: changed,
    environment: 'production',
    seed: SEED,
    span: SPAN,
    salons,
    application,
    normal,
    window: WINDOW,
  };
}

const unchanged = (alarm: WatchedAlarm) => alarm;
const named = (name: string): Incident => SERVER_INCIDENTS.find((incident) => incident.name === name)!;

test('every alarm of every environment has values in the model', () => {
  for (const environment of ['dev', 'staging', 'production'] as const) {
    const { alarms } = withTemporaryFolder('backtest-test-', (outdir) => {
      createApp({ environments: [environment], outdir, bundle: false }).synth();
      return readWatched(new EnvironmentAssembly(outdir, environment));
    });
    expect(alarms.length).toBeGreaterThan(40);
    for (const alarm of alarms) {
      for (const metric of alarm.metrics) expect(series.of(metric, alarm.name).count).toHaveLength(SPAN.minutes);
    }
  }
});

test('a metric that the model does not have is an error: its alarm would be quiet without a reason', () => {
  const metric = { ...watched.alarms[0]!.metrics[0]!, metricName: 'pg_new_metric' };
  expect(() => series.of(metric, 'production-New')).toThrow(
    'the model has no normal values of the metric pg_new_metric, which an alarm reads; add them to lib/backtest/model/servers.ts',
  );
});

test('two normal days of small salons are quiet', () => {
  const month = { watched, seed: SEED, span: SPAN, application, window: WINDOW, environment: 'production' };
  expect(evaluateNormalMonth(month).notifications).toEqual([]);
});

test('a naive threshold is not quiet, so the quiet month means something', () => {
  const naive = (alarm: WatchedAlarm): WatchedAlarm =>
    alarm.name === 'production-AITokenUsageHigh' ? { ...alarm, threshold: 1000 } : alarm;
  const { watched: changed } = stageWith(naive);
  const month = { watched: changed, seed: SEED, span: SPAN, application, window: WINDOW, environment: 'production' };
  const { notifications } = evaluateNormalMonth(month);
  expect(notifications[0]).toMatchObject({ alarm: 'AITokenUsageHigh', severity: 'warning', because: undefined });
});

describe('an incident', () => {
  test('is noticed, pages once and clears', () => {
    expect(tryIncident(named('the primary is down'), stageWith(unchanged))).toMatchObject({
      minutesToDetect: 3,
      pages: 1,
      minutesToClear: 1,
      others: [],
      failures: [],
    });
  });

  test('fails when its alarm is deaf', () => {
    const deaf = (alarm: WatchedAlarm): WatchedAlarm =>
      alarm.name === 'production-PostgreSQLDown-primary' ? { ...alarm, threshold: 0 } : alarm;
    expect(tryIncident(named('the primary is down'), stageWith(deaf)).failures).toEqual([
      'the primary is down: PostgreSQLDown-primary did not fire',
      'the primary is down: 0 pages; expected: 1',
    ]);
  });

  test('fails when no paging alarm covers its alarm', () => {
    const without = watched.composites.map((composite) => ({
      ...composite,
      children: composite.children.filter((child) => child !== 'production-PostgreSQLDown-primary'),
    }));
    expect(tryIncident(named('the primary is down'), stageWith(unchanged, without)).failures).toEqual([
      'the primary is down: 0 pages; expected: 1',
    ]);
  });

  test('fails when another alarm fires that it does not declare', () => {
    const loud: Incident = {
      name: 'a busy replica',
      minutes: 30,
      fires: ['PostgreSQLCpuHigh-replica-1'],
      pages: false,
      values: [constant('CPUUtilization', 95, { server: 'replica-1' }), constant('DBLoad', 9, { server: 'replica-1' })],
    };
    expect(tryIncident(loud, stageWith(unchanged)).failures).toEqual([
      'a busy replica: PostgreSQLDbLoadHigh-replica-1 fired too',
    ]);
  });

  test('a restart of seconds pages nobody; with an alarm on one sample it would', () => {
    const restart = named('the primary restarts within seconds');
    expect(tryIncident(restart, stageWith(unchanged))).toMatchObject({ pages: 0, failures: [] });
    const hasty = (alarm: WatchedAlarm): WatchedAlarm =>
      alarm.name === 'production-PostgreSQLDown-primary'
        ? { ...alarm, evaluationPeriods: 1, datapointsToAlarm: 1 }
        : alarm;
    expect(tryIncident(restart, stageWith(hasty)).failures).toContain(
      'the primary restarts within seconds: 1 pages; expected: 0',
    );
  });
});

test('there are at least 30 incidents, small and large, with names of their own', () => {
  const all = [
    ...SERVER_INCIDENTS,
    ...PROXY_INCIDENTS,
    ...CACHE_INCIDENTS,
    ...APPLICATION_INCIDENTS,
    ...OPERATION_INCIDENTS,
    ...JOB_INCIDENTS,
  ];
  expect(all.length).toBeGreaterThanOrEqual(50);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  // Every alert with an alarm in production is the subject of an incident.
  const wanted = new Set(all.flatMap(({ fires, mayFire = [] }) => [...fires, ...mayFire]));
  const alerts = watched.alarms.map(({ name }) => name.replace('production-', ''));
  const without = alerts.filter((name) => ![...wanted].some((each) => each.split('-')[0] === name.split('-')[0]));
  expect(without.sort()).toEqual([
    // These change by days or weeks; the days of an incident are too short.
    'PostgreSQLBackupSizeIncreasing',
    'PostgreSQLEngineSupportEnding',
    'PostgreSQLForcedMaintenance',
    // An event that the incident "a job fills the volume" does not cause.
    'PostgreSQLStorageCannotGrow',
    'SubscriptionsUnconfirmed',
  ]);
});
