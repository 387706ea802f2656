import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Alert, loadAlerts } from '../../lib/monitoring/alerts';
import type { CompiledAlarm } from '../../lib/monitoring/compiler/compiled';
import { compile } from '../../lib/monitoring/compiler/compile';
import { type MetricName, METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import type { MetricSource } from '../../lib/monitoring/sources/source';
import { EXTRA_PERIODS } from '../../lib/rehearsal/alarms/alarm-evaluator';
import { FULL } from '../support/monitoring/alerts';
import {
  cloudWatchTimes,
  type Course,
  courseOf,
  fallsSilent,
  promtoolSeries,
  turnsOf,
} from '../support/monitoring/equivalence';
import { promtool, testWithPromtool } from '../support/monitoring/promtool';

const ALERTS_FILE = resolve(__dirname, '../../lib/monitoring/alerts.yml');
const alerts = loadAlerts();
const { alarms } = compile(alerts, METRIC_SOURCES, FULL);

/** One alarm for each condition of each rule: alarms of other servers and topics differ in their dimensions only. */
const examples = alerts.flatMap((alert) => {
  const ofRule = alarms.filter((alarm) => alarm.alert === alert.name);
  const metrics = (alarm: CompiledAlarm) => JSON.stringify(alarm.metrics.map(({ source }) => source));
  return ofRule
    .filter((alarm, index) => ofRule.findIndex((other) => metrics(other) === metrics(alarm)) === index)
    .map((alarm) => ({ alert, alarm, course: courseOf(alert, alarm) }));
});

/** How many minutes later CloudWatch may fire or clear than Prometheus; negative: earlier. */
interface Lag {
  readonly least: number;
  readonly most: number;
}

/** Minutes between two evaluations of Prometheus, which save time where a period is an hour. */
const stepOf = (alarm: CompiledAlarm) => (alarm.periodSeconds < 3600 ? 1 : 10);
/** A window of over a day is evaluated once an hour. */
const hourly = (alarm: CompiledAlarm) => (alarm.periodSeconds * alarm.evaluationPeriods > 86_400 ? 59 : 0);
/** A sum counts events; the highest and the lowest value of one metric differ in the range in which it changed. */
const countsEvents = ({ metrics, evaluationPeriods }: CompiledAlarm) =>
  evaluationPeriods === 1 && ['Sum', 'Maximum,Minimum'].includes(metrics.map(({ statistic }) => statistic).join());

/**
 * How much later CloudWatch fires: exactly the minute in which the last period ends, after the same number of bad values, of which the
 * first is at the begin of `for`. An alarm that counts events does not wait for the end of `for`, which the ledger says. Where a metric
 * has no values for a while, CloudWatch first looks for values before its window.
 */
function firingLag(alert: Alert, alarm: CompiledAlarm, course: Course): Lag {
  const period = alarm.periodSeconds / 60;
  const duration = alert.forSeconds / 60;
  if (countsEvents(alarm)) return { least: 2 - duration - stepOf(alarm), most: 1 };
  if (alarm.treatMissingData === 'breaching' && fallsSilent(alarm, course)) {
    return { least: 0, most: period * (1 + EXTRA_PERIODS) };
  }
  const lag = 1 + period * (alarm.evaluationPeriods - 1) - duration;
  return { least: lag, most: lag + hourly(alarm) };
}

/** How much later CloudWatch clears: when the first period with a good value ends. */
function clearingLag(alarm: CompiledAlarm, course: Course): Lag {
  const period = alarm.periodSeconds / 60;
  const silent = fallsSilent(alarm, course) ? EXTRA_PERIODS * period : 0;
  return { least: countsEvents(alarm) ? 0 : 1, most: Math.max(period, hourly(alarm) + 1) + silent };
}

const times = new Map<string, { fires: number; clears: number }>();

/** When an alarm fires and clears, calculated once for all tests. */
function timesOf(alarm: CompiledAlarm, course: Course): { fires: number; clears: number } {
  const found = times.get(alarm.alarmName) ?? cloudWatchTimes(alarm, course);
  times.set(alarm.alarmName, found);
  return found;
}

test.each(examples.map(({ alarm, course }) => [alarm.alarmName, alarm, course] as const))(
  '%s fires in the fault and clears after it',
  (_, alarm, course) => {
    const { fires, clears } = timesOf(alarm, course);
    const [before, during] = course.phases;
    expect(fires).toBeLessThanOrEqual(before + during);
    expect(clears).toBeGreaterThan(before + during);
  },
);

test('an alarm on sampled values needs as many bad values as Prometheus, and fires at most a period later', () => {
  const sampled = examples.filter(({ alarm, course }) => !countsEvents(alarm) && !fallsSilent(alarm, course));
  const differing = sampled.filter(({ alert, alarm }) => {
    const inPrometheus = Math.ceil(alert.forSeconds / alarm.periodSeconds) + 1;
    return alarm.datapointsToAlarm < Math.max(2, inPrometheus);
  });
  const late = sampled.filter(
    ({ alert, alarm, course }) => firingLag(alert, alarm, course).most > alarm.periodSeconds / 60,
  );
  // A drill and the weekly comparison publish once; a week is as far as CloudWatch looks back. The ledger says both.
  expect(differing.map(({ alarm }) => alarm.alert)).toEqual([
    'PostgreSQLBackupSizeIncreasing',
    'RestoreDrillRecoveryTimeHigh',
    'RestoreDrillRecoveryPointOld',
    'ConfigurationDrift',
  ]);
  expect(late.map(({ alarm }) => alarm.alarmName)).toEqual([]);
});

test.each(
  examples
    .filter(({ alarm, course }) => alarm.datapointsToAlarm > 1 && !fallsSilent(alarm, course))
    .map(({ alarm, course }) => [alarm.alarmName, alarm, course] as const),
)('%s does not fire on a single bad value', (_, alarm, { phases: [before, , after], ...levels }) => {
  const [slowest] = alarm.metrics
    .map(({ source }) => METRIC_SOURCES[source as MetricName])
    .map(periodMinutes)
    .sort((a, b) => b - a);
  expect(turnsOf(alarm, { ...levels, phases: [before, slowest!, after] })).toEqual([]);
});

function periodMinutes(source: MetricSource): number {
  return 'periodSeconds' in source ? source.periodSeconds / 60 : 1;
}

test('every rule that became an alarm has an example', () => {
  const translated = new Set(alarms.map(({ alert }) => alert));
  expect(new Set(examples.map(({ alert }) => alert.name))).toEqual(translated);
});

testWithPromtool('promtool accepts alerts.yml', () => {
  const { ok, output } = promtool('check', 'rules', ALERTS_FILE);
  expect(output).toContain(`${alerts.length} rules found`);
  expect(ok).toBe(true);
});

testWithPromtool(
  'Prometheus fires and clears every rule when CloudWatch does, except for the end of a period',
  () => {
    const tests = examples.map(({ alert, alarm, course }) => {
      const { fires, clears } = timesOf(alarm, course);
      const firing = firingLag(alert, alarm, course);
      const clearing = clearingLag(alarm, course);
      const looks = [
        [fires - firing.most - 1, false],
        [fires - firing.least, true],
        [clears - clearing.most - 1, true],
        [clears - clearing.least, false],
      ] as const;
      return {
        alert,
        evaluation: `${stepOf(alarm)}m`,
        interval: '1m',
        input_series: promtoolSeries(alert, course),
        alert_rule_test: looks.map(([minute, firing]) => look(alert, minute, firing)),
      };
    });
    expect(runPromtool(tests)).toEqual({ ok: true, output: expect.not.stringContaining('FAILED') as string });
  },
  60_000,
);

testWithPromtool('differs by design: for rows, "for" is over the worst of each minute', () => {
  const alert = alerts.find(({ name }) => name === 'HighBookingConflictRate')!;
  // Two salons in turn, three minutes each: no salon is bad for five minutes, but one of them is at every moment.
  const salon = (name: string, values: string) => ({
    series: `booking_conflicts_conflict_count{salon_id="${name}"}`,
    values,
  });
  const turns = {
    alert,
    evaluation: '1m',
    interval: '1m',
    input_series: [salon('a', '9x2 0x2 9x2 0x2 9x2 0x2'), salon('b', '0x2 9x2 0x2 9x2 0x2 9x2')],
    alert_rule_test: Array.from({ length: 18 }, (_, minute) => look(alert, minute, false)),
  };
  expect(runPromtool([turns])).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') as string });
  const alarm = alarms.find((each) => each.alert === alert.name)!;
  const worst = { healthy: { [alarm.metrics[0]!.source]: 0 }, faulty: { [alarm.metrics[0]!.source]: 9 } };
  expect(cloudWatchTimes(alarm, { ...worst, phases: [10, 18, 10] }).fires).toBe(16);
});

testWithPromtool('PostgreSQLBackupMissing fires in Prometheus without a series, as in CloudWatch', () => {
  const alert = alerts.find(({ name }) => name === 'PostgreSQLBackupMissing')!;
  const nothing = {
    alert,
    evaluation: '10m',
    interval: '10m',
    input_series: [],
    alert_rule_test: [look(alert, 50, false), look(alert, 70, true)],
  };
  expect(runPromtool([nothing])).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') as string });
  const alarm = alarms.find((each) => each.alert === alert.name)!;
  const silence = { [alarm.metrics[0]!.source]: undefined };
  const turns = turnsOf(alarm, { healthy: silence, faulty: silence, phases: [0, 1, 40 * 60] });
  expect(turns.map(({ state }) => state)).toEqual(['ALARM']);
});

function look(alert: Alert, minute: number, firing: boolean) {
  const { name, severity, component, summary, description } = alert;
  const expected = { exp_labels: { severity, component }, exp_annotations: { summary, description } };
  return { eval_time: `${minute}m`, alertname: name, exp_alerts: firing ? [expected] : [] };
}

/** One run for all tests. Each test has a file with only its rule, because promtool evaluates every rule that it is given. */
function runPromtool(tests: readonly { alert: Alert; evaluation: string }[]): { ok: boolean; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'equivalence-'));
  try {
    const files = tests.map(({ alert, evaluation, ...content }, index) => {
      const rules = join(folder, `rules-${index}.yml`);
      writeFileSync(rules, stringify({ groups: [{ name: alert.group, rules: [ruleOf(alert)] }] }));
      const file = join(folder, `tests-${index}.yml`);
      writeFileSync(file, stringify({ rule_files: [rules], evaluation_interval: evaluation, tests: [content] }));
      return file;
    });
    return promtool('test', 'rules', ...files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The rule as alerts.yml has it. */
function ruleOf({ name }: Alert): unknown {
  const { groups } = parse(readFileSync(ALERTS_FILE, 'utf8')) as { groups: { rules: { alert: string }[] }[] };
  return groups.flatMap(({ rules }) => rules).find((rule) => rule.alert === name);
}
