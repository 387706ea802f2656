import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Alert, loadAlerts } from '../../lib/monitoring/alerts';
import type { CompiledAlarm } from '../../lib/monitoring/compiler/compiled';
import { compile } from '../../lib/monitoring/compiler/compile';
import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import { EXTRA_PERIODS } from '../../lib/rehearsal/alarms/alarm-evaluator';
import { FULL } from '../support/monitoring/alerts';
import { cloudWatchTimes, type Course, courseOf, fallsSilent, promtoolSeries } from '../support/monitoring/equivalence';
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

/**
 * How far Prometheus and CloudWatch may be apart, minutes: one period. Where a metric has no values for a while, CloudWatch first
 * looks for values before its window, which takes some periods more.
 */
function toleranceMinutes(alarm: CompiledAlarm, course: Course): number {
  return (alarm.periodSeconds / 60) * (fallsSilent(alarm, course) ? 1 + EXTRA_PERIODS : 1);
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
  'Prometheus fires and clears every rule within a period of CloudWatch',
  () => {
    const tests = examples.map(({ alert, alarm, course }) => {
      const { fires, clears } = timesOf(alarm, course);
      const tolerance = toleranceMinutes(alarm, course);
      const looks = [
        [fires - tolerance - 1, false],
        [fires + tolerance, true],
        [clears - tolerance - 1, true],
        [clears + tolerance, false],
      ] as const;
      return {
        alert,
        // Prometheus evaluates every minute; every ten minutes where a period is an hour, which saves time.
        evaluation: alarm.periodSeconds < 3600 ? '1m' : '10m',
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
  expect(cloudWatchTimes(alarm, { ...worst, phases: [10, 18, 10] }).fires).toBe(15);
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
