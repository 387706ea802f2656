import type { AlarmState, EvaluatedAlarm, EvaluatedMetric } from '../alarms/alarm-evaluator';
import { evaluateMinutes, type MinuteSeries, type StateChange } from '../alarms/minutes/evaluate-minutes';
import type { Level, Published } from './level';

/** What an alarm did under its levels. */
export interface ReplayedAlarm {
  /** The states under the level just above, with the level just below before and after it. */
  readonly transitions: AlarmState[];
  /** From the fault until it fired, minutes; undefined where it did not. */
  readonly minutesToFire?: number;
  /** The values just above and just below, in words. */
  readonly fires: string;
  readonly staysOk: string;
  /** What does not hold, a sentence without a full stop each. */
  readonly faults: string[];
}

/** Values published for a time. */
interface Stretch {
  readonly published: readonly Published[];
  readonly minutes: number;
}

const DAY = 1440;
const HOUR = 60;

/** Publishes the levels of an alarm in place of the functions and of AWS, and evaluates the deployed alarm each minute. */
export function replayAlarm(alarm: EvaluatedAlarm, level: Level): ReplayedAlarm {
  const { minutes, tooShort, every = 1, firesWithoutValues = false } = level;
  const [calm, ...others] = level.staysOk;
  const missing = alarm.metrics.filter((metric) => level.fires.every((published) => !isOf(published, metric)));
  // A window of more than a day is evaluated every hour.
  const slack = minutes > DAY ? HOUR : 1;
  const window = Math.ceil((alarm.periodSeconds / 60) * alarm.evaluationPeriods);
  // Long enough that CloudWatch sees only calm values, also where it looks further back for missing ones; the last of them is published just
  // before the fault begins.
  const before = Math.ceil((Math.max(3 * window, minutes) + 2 * HOUR) / every) * every + 1;
  const run = (...stretches: Stretch[]) => evaluateMinutes(alarm, seriesOf(alarm, stretches, every));
  const steady = { published: calm, minutes: before };

  const fault = { published: level.fires, minutes: minutes === 0 ? 1 : minutes + slack };
  const under = run(steady, fault, steady);
  const fired = under.find(({ state }) => state === 'ALARM');
  const faults: string[] = [];
  const check = (holds: boolean, sentence: string) => {
    if (!holds) faults.push(`alarm ${alarm.name} ${sentence}`);
  };
  check(missing.length === 0, `reads ${missing.map(describeMetric).join(' and ')}; expected: ${describe(level.fires)}`);
  const states = under.map(({ state }) => state);
  check(
    missing.length > 0 || states.join() === 'OK,ALARM,OK',
    `went ${states.join(' → ') || 'nowhere'} under ${describe(level.fires)}${minutes > 0 ? ` for ${minutes} minutes` : ''}; expected OK → ALARM → OK`,
  );
  for (const quiet of [calm, ...others])
    check(!fires(run({ published: quiet, minutes: 2 * before })), `fires at ${describe(quiet)}; it must stay OK`);
  if (tooShort !== undefined)
    check(
      !fires(run(steady, { published: level.fires, minutes: tooShort }, steady)),
      `fires after ${tooShort} minutes of ${describe(level.fires)}; it must wait longer`,
    );
  if (!firesWithoutValues)
    check(
      run(steady, fault, { published: [], minutes: before }).at(-1)?.state === 'OK',
      'does not clear when the values end with the fault; it must go back to OK',
    );
  const silence = fires(run(steady, { published: [], minutes: before + 2 * window }));
  check(
    silence === firesWithoutValues,
    firesWithoutValues ? 'stays OK without any values; it must fire' : 'fires without any values; it must stay OK',
  );
  return {
    transitions: states,
    ...(fired && { minutesToFire: fired.minute - before }),
    fires: describe(level.fires),
    staysOk: describe(calm),
    faults,
  };
}

function fires(changes: readonly StateChange[]): boolean {
  return changes.some(({ state }) => state === 'ALARM');
}

/** Series of an alarm's metrics: only what is published under exactly their namespace, name and dimensions. */
function seriesOf(alarm: EvaluatedAlarm, stretches: readonly Stretch[], every: number): MinuteSeries[] {
  const length = stretches.reduce((sum, { minutes }) => sum + minutes, 0);
  return alarm.metrics.map((metric) => {
    const arrays = [0, 0, 0, 0].map(() => new Float64Array(length));
    const [minimum, maximum, sum, count] = arrays as [Float64Array, Float64Array, Float64Array, Float64Array];
    let start = 0;
    for (const { published, minutes } of stretches) {
      const { values = [] } = published.find((each) => isOf(each, metric)) ?? {};
      const lowest = Math.min(...values);
      const highest = Math.max(...values);
      const total = values.reduce((all, value) => all + value, 0);
      for (let minute = start; values.length > 0 && minute < start + minutes; minute += every) {
        minimum[minute] = lowest;
        maximum[minute] = highest;
        sum[minute] = total;
        count[minute] = values.length;
      }
      start += minutes;
    }
    return { minimum, maximum, sum, count };
  });
}

function isOf({ namespace, metricName, dimensions }: Published, metric: EvaluatedMetric): boolean {
  const found = Object.entries(metric.dimensions);
  return (
    namespace === metric.namespace &&
    metricName === metric.metricName &&
    found.length === Object.keys(dimensions).length &&
    found.every(([name, value]) => {
      const wanted = dimensions[name];
      return wanted instanceof RegExp ? wanted.test(value) : wanted === value;
    })
  );
}

function describe(published: readonly Published[]): string {
  return published
    .map(({ metricName, values }) => `${metricName} ${values.length === 0 ? 'without values' : values.join(' and ')}`)
    .join(', ');
}

function describeMetric({ namespace, metricName, dimensions }: EvaluatedMetric): string {
  const of = Object.entries(dimensions).map(([name, value]) => `${name} ${value}`);
  return `${namespace} ${metricName}${of.length > 0 ? ` of ${of.join(', ')}` : ''}`;
}
