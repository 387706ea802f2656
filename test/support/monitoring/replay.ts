import { loadAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import type { AlarmMetric } from '../../../lib/monitoring/compiler/compiled';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import {
  evaluateMinutes,
  minuteSeries,
  type MinuteSeries,
  type StateChange,
} from '../../../lib/rehearsal/alarms/minutes/evaluate-minutes';
import { FULL } from './alerts';
import { type Course, courseOf, levelAt } from './equivalence';

/**
 * A value that differs from the healthy one.
 * @returns undefined: healthy; NaN: no value
 */
export type Deviation = (metric: AlarmMetric, minute: number) => number | undefined;

const alerts = loadAlerts();
const examples = compile(alerts, METRIC_SOURCES, FULL).alarms.map((alarm) => {
  const course = courseOf(
    alerts.find(({ name }) => name === alarm.alert)!,
    alarm,
  );
  return { alarm, course: { ...course, faulty: course.healthy } };
});

/**
 * Lets the alarms of alerts.yml run on healthy values, except for a deviation.
 * @param alert only its alarms; default: all
 * @returns the changes of state of each alarm that has any, by its name without the environment
 */
export function replay(minutes: number, deviation: Deviation, alert?: string): Record<string, readonly StateChange[]> {
  const played = examples.filter(({ alarm }) => alert === undefined || alarm.alert === alert);
  const results = played.map(({ alarm, course }) => {
    const series = alarm.metrics.map((metric) => seriesOf(metric, course, minutes, deviation));
    const evaluated = {
      ...alarm,
      name: alarm.alarmName,
      metrics: alarm.metrics.map((metric) => ({ ...metric, dimensions: {} })),
    };
    return [alarm.alarmName.replace('production-', ''), evaluateMinutes(evaluated, series, 'OK')] as const;
  });
  return Object.fromEntries(results.filter(([, changes]) => changes.length > 0));
}

/** Names of the alarms that fire, sorted. */
export function fired(minutes: number, deviation: Deviation): string[] {
  const changes = Object.entries(replay(minutes, deviation));
  return changes.flatMap(([name, states]) => (states.some(({ state }) => state === 'ALARM') ? [name] : [])).sort();
}

function seriesOf(metric: AlarmMetric, healthy: Course, minutes: number, deviation: Deviation): MinuteSeries {
  const values = Float64Array.from({ length: minutes }, (_, minute) => {
    const usual = levelAt(metric.source, minute, healthy);
    return usual === undefined ? NaN : (deviation(metric, minute) ?? usual);
  });
  return minuteSeries(values);
}
