import type { Alert } from '../../../lib/monitoring/alerts';
import type { CompiledAlarm } from '../../../lib/monitoring/compiler/compiled';
import { metricsOf as namesIn, substitute, thresholdsOf } from '../../../lib/monitoring/compiler/arithmetic';
import {
  type Comparison,
  type Condition,
  parseExpression,
  type Reading,
  type Term,
} from '../../../lib/monitoring/compiler/expression';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import type { MetricSource, SettingSource } from '../../../lib/monitoring/sources/source';
import { type AlarmState, evaluateAlarm, EXTRA_PERIODS, sampleOf } from '../../../lib/rehearsal/alarms/alarm-evaluator';
import { FULL } from './alerts';

const MINUTE_MS = 60_000;
const sources: Readonly<Record<string, MetricSource>> = METRIC_SOURCES;

/** Value of every metric of a rule in a minute; for a counter or fingerprint its growth. Undefined: no value. */
type Levels = Readonly<Record<string, number | undefined>>;

/** The input of both sides: healthy, then a fault, then healthy again. */
export interface Course {
  readonly healthy: Levels;
  readonly faulty: Levels;
  /** Minutes of each phase. */
  readonly phases: readonly [number, number, number];
}

const HOLDS: Record<Comparison, (left: number, right: number) => boolean> = {
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

/**
 * The course of one alarm, derived from its rule's expression: the first levels of a grid at which all conditions are false, and
 * the first at which this alarm's condition alone is true.
 */
export function courseOf(alert: Alert, alarm: CompiledAlarm): Course {
  // absent_over_time is for series that never existed, and has no alarm of its own.
  const conditions = parseExpression(alert.expression).filter(({ kind }, i) => i === 0 || kind !== 'absence');
  const own = conditions.filter((condition) => metricsOf(condition).includes(alarm.metrics[0]!.source));
  const grid = levelsToTry(conditions, alarm).filter((levels) => conditions.every((each) => hasValue(each, levels)));
  const healthy = grid.find((levels) => conditions.every((condition) => isHealthy(condition, levels)));
  const metrics = own.flatMap(metricsOf);
  const faulty = grid.find(
    (levels) =>
      own.every((condition) => holds(condition, levels)) &&
      Object.keys(levels).every((metric) => metrics.includes(metric) || levels[metric] === healthy?.[metric]),
  );
  if (!healthy || !faulty) throw new Error(`no levels found for ${alert.name}`);
  // Before and after the fault: as long as CloudWatch looks back before its window, and two periods more.
  const around = (alarm.periodSeconds / 60) * (EXTRA_PERIODS + 2);
  const window = (alarm.periodSeconds / 60) * alarm.evaluationPeriods;
  return { healthy, faulty, phases: [around, window + 2 * around, around] };
}

/** Whether a metric of an alarm has no values for a time in its course, in CloudWatch. */
export function fallsSilent({ metrics }: CompiledAlarm, { healthy, faulty }: Course): boolean {
  return metrics.some(({ source }) =>
    [healthy, faulty].some((levels) => levels[source] === undefined || (isSparse(source) && levels[source] === 0)),
  );
}

/** AWS publishes no value for a count that is 0. */
function isSparse(metric: string): boolean {
  const source = sources[metric]!;
  return source.from === 'vended' && source.domain === 'count';
}

function metricsOf(condition: Condition): string[] {
  return [...new Set(namesIn(condition))].filter((name) => sources[name]?.from !== 'setting');
}

function levelsToTry(conditions: readonly Condition[], alarm: CompiledAlarm): Levels[] {
  const limits = conditions.flatMap(thresholdsOf).map(({ limit }) => limit);
  const thresholds = [
    alarm.threshold,
    ...limits.flatMap(({ right }) => (right.kind === 'number' ? [right.value] : [])),
  ];
  const powers = Array.from({ length: 13 }, (_, exponent) => 10 ** exponent);
  const candidates = [0, 1, ...powers, ...thresholds.flatMap((threshold) => [threshold * 1.5, threshold / 2]), -1];
  const tried = conditions.some(({ kind }) => kind === 'absence') ? [1, undefined] : candidates;
  const metrics = [...new Set(conditions.flatMap(metricsOf))];
  return metrics.reduce<Levels[]>(
    (grid, metric) => grid.flatMap((levels) => tried.map((level) => ({ ...levels, [metric]: level }))),
    [{}],
  );
}

/** Whether a condition has a value. Prometheus divides by zero, but CloudWatch has no value then, so these levels are not compared. */
function hasValue(condition: Condition, levels: Levels): boolean {
  return thresholdsOf(condition).every(({ left }) => Number.isFinite(steadyTerm(left, levels)));
}

function holds(condition: Condition, levels: Levels): boolean {
  if (condition.kind === 'absence') return levels[condition.metric] === undefined;
  return thresholdsOf(condition).every(
    ({ left, limit: { operator, right } }) =>
      right.kind === 'number' && HOLDS[operator](steadyTerm(left, levels), right.value),
  );
}

/** Whether the first comparison of a condition does not hold; where others do not, CloudWatch has no value. */
function isHealthy(condition: Condition, levels: Levels): boolean {
  const [first, ...others] = thresholdsOf(condition);
  if (!first) return !holds(condition, levels);
  return !holds(first, levels) && others.every((other) => holds(other, levels));
}

/** The value of a term when its metrics have had the same levels for a long time. */
function steadyTerm(term: Term, levels: Levels): number {
  const value = substitute(term, (reading) => ({ kind: 'number', value: steadyValue(reading, levels) }));
  return value.kind === 'number' ? value.value : NaN;
}

/** The value of a reading when its metric has had the same level for a long time, with a value each minute. */
function steadyValue({ metric, over }: Reading, levels: Levels): number {
  const source = sources[metric]!;
  if (source.from === 'setting') return settingOf(source);
  const level = levels[metric] ?? NaN;
  if (over?.function === 'rate') return level / 60;
  const isSum = over && ['increase', 'changes', 'sum_over_time'].includes(over.function);
  return isSum ? (level * over.seconds) / 60 : level;
}

function settingOf({ setting }: SettingSource): number {
  return setting === 'proxyConnections' ? FULL.proxyConnections : FULL.servers[0]![setting];
}

/** The minutes in which our evaluator lets the alarm fire, and clear after that. */
export function cloudWatchTimes(alarm: CompiledAlarm, course: Course): { fires: number; clears: number } {
  const turns = turnsOf(alarm, course);
  const names = turns.map(({ state }) => state).join(' → ');
  if (names !== 'ALARM → OK') throw new Error(`${alarm.alarmName} went ${names}; expected ALARM → OK`);
  return { fires: turns[0]!.minute, clears: turns[1]!.minute };
}

/** Each change of the alarm's state from the second phase on, with its minute, by our evaluator. */
export function turnsOf(alarm: CompiledAlarm, course: Course): { minute: number; state: AlarmState }[] {
  const minutes = course.phases.reduce((sum, phase) => sum + phase, 0);
  const series = alarm.metrics.map(({ source }) =>
    Array.from({ length: minutes }, (_, minute) => minute).flatMap((minute) => {
      const level = levelAt(source, minute, course);
      return level === undefined ? [] : [sampleOf(minute * MINUTE_MS, level)];
    }),
  );
  const evaluated = {
    ...alarm,
    name: alarm.alarmName,
    metrics: alarm.metrics.map((metric) => ({ ...metric, dimensions: {} })),
  };
  let state: AlarmState = 'INSUFFICIENT_DATA';
  const turns: { minute: number; state: AlarmState }[] = [];
  // A window of over a day is evaluated once an hour.
  const hourly = alarm.periodSeconds * alarm.evaluationPeriods > 86_400;
  for (let minute = 1; minute <= minutes; minute++) {
    if (hourly && minute % 60 !== 0) continue;
    const next = evaluateAlarm(evaluated, series, minute * MINUTE_MS, state);
    if (next !== state) turns.push({ minute, state: next });
    state = next;
  }
  // At the start there are too few periods, so an alarm that treats missing data as breaching is in ALARM.
  return turns.filter(({ minute }) => minute >= course.phases[0]);
}

/** The value that CloudWatch gets of a metric in a minute; undefined where it gets none. */
export function levelAt(metric: string, minute: number, course: Course): number | undefined {
  const source = sources[metric]!;
  const level = levelsAt(course, minute)[metric];
  if (level === undefined || !('periodSeconds' in source)) return undefined;
  // A metric of ours has a value only once in its period.
  const isPublished =
    source.from === 'vended' ? !(isSparse(metric) && level === 0) : minute % (source.periodSeconds / 60) === 0;
  return isPublished ? level : undefined;
}

/** The levels in a minute. */
function levelsAt({ healthy, faulty, phases }: Course, minute: number): Levels {
  return minute >= phases[0] && minute < phases[0] + phases[1] ? faulty : healthy;
}

/** The same course for Prometheus, in the notation of promtool. */
export function promtoolSeries(alert: Alert, course: Course): { series: string; values: string }[] {
  const settings = [...new Set(parseExpression(alert.expression).flatMap(namesIn))].flatMap((metric) => {
    const source = sources[metric]!;
    return source.from === 'setting' ? [[metric, settingOf(source)] as const] : [];
  });
  const { healthy, faulty, phases } = course;
  const last = phases.reduce((sum, phase) => sum + phase, 0) - 1;
  return [
    ...settings.map(([series, value]) => ({ series, values: `${value}+0x${last}` })),
    ...Object.keys(healthy).map((metric) => {
      const source = sources[metric]!;
      const grows = 'kind' in source && source.kind !== 'gauge';
      let total = 0;
      const values = [healthy, faulty, healthy].map((levels, phase) => {
        const level = levels[metric];
        const count = phases[phase]!;
        if (level === undefined) return `stale _x${count - 1}`;
        if (!grows) return `${level}+0x${count - 1}`;
        const text = `${total + level}+${level}x${count - 1}`;
        total += level * count;
        return text;
      });
      return { series: metric, values: values.join(' ') };
    }),
  ];
}
