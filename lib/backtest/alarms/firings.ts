import type { AlarmState } from '../../rehearsal/alarms/alarm-evaluator';
import { actedChanges, compositeChanges } from '../../rehearsal/alarms/minutes/composite-alarm';
import { evaluateMinutes, type StateChange } from '../../rehearsal/alarms/minutes/evaluate-minutes';
import type { Severity } from '../../shared/severities';
import { WEEK } from '../model/clock';
import type { ModelledSeries } from './series';
import type { Watched } from './watched';

/** An alarm that was in ALARM. Minutes are those of the span. */
export interface Firing {
  readonly alarm: string;
  readonly severity: Severity;
  readonly from: number;
  /** Undefined: still in ALARM at the end. */
  readonly until: number | undefined;
  /** Nobody was notified, because it was OK again before the maintenance window ended. */
  readonly muted: boolean;
}

/** A page to the person on call. */
interface Page {
  /** The paging alarm. */
  readonly alarm: string;
  readonly minute: number;
}

/** What the alarms of an environment did. */
export interface Month {
  readonly firings: readonly Firing[];
  readonly pages: readonly Page[];
}

/** The weekly maintenance window, minutes since Monday. */
export interface WeeklyWindow {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** The changes of each alarm by its name. */
export type AlarmChanges = ReadonlyMap<string, readonly StateChange[]>;

/**
 * Evaluates all alarms over a span, each minute, beginning in OK.
 * @param known changes of alarms that need no evaluation. Default: none.
 */
export function changesOf({ alarms }: Watched, series: ModelledSeries, known: AlarmChanges = new Map()): AlarmChanges {
  return new Map(
    alarms.map((alarm) => [
      alarm.name,
      known.get(alarm.name) ??
        evaluateMinutes(
          alarm,
          alarm.metrics.map((metric) => series.of(metric, alarm.name)),
          'OK',
        ),
    ]),
  );
}

/**
 * What follows from the changes of all alarms: who is notified, and the pages.
 * @param start of the span in the model's time, to know the weekday
 * @param from minute of the span from which firings and pages count
 */
export function monthOf(
  { alarms, composites, mutedComposites }: Watched,
  changes: AlarmChanges,
  { start, window, from }: { readonly start: number; readonly window: WeeklyWindow; readonly from: number },
): Month {
  const firings = alarms.flatMap(({ name, severity, muted }) =>
    inAlarm(changes.get(name) ?? []).map(({ begin, end }) => ({
      alarm: name,
      severity,
      from: begin,
      until: end,
      muted: muted && isMuted({ begin, end }, start, window),
    })),
  );
  const ofComposite = new Map(
    composites.map(({ name, children }) => [
      name,
      compositeChanges(children.map((child) => (changes.get(child) ?? []).map(asTwoStates))),
    ]),
  );
  const pages = composites.flatMap((composite) => {
    const own = ofComposite.get(composite.name) ?? [];
    const acted = actedChanges(composite, own, ofComposite.get(composite.suppressor?.name ?? '') ?? []);
    return acted
      .filter(({ state }) => state === 'ALARM')
      .filter(
        ({ minute }) =>
          !mutedComposites.includes(composite.name) || !isMuted({ begin: minute, end: minute + 1 }, start, window),
      )
      .map(({ minute }) => ({ alarm: composite.name, minute }));
  });
  return {
    firings: firings.filter(({ from: begin }) => begin >= from),
    pages: pages.filter(({ minute }) => minute >= from),
  };
}

function asTwoStates({ minute, state }: StateChange): StateChange {
  return { minute, state: state === 'ALARM' ? 'ALARM' : 'OK' };
}

interface Interval {
  readonly begin: number;
  readonly end: number | undefined;
}

function inAlarm(changes: readonly StateChange[]): Interval[] {
  const intervals: Interval[] = [];
  let state: AlarmState = 'OK';
  for (const change of changes) {
    if (change.state === 'ALARM') intervals.push({ begin: change.minute, end: undefined });
    else if (state === 'ALARM') intervals.push({ begin: intervals.pop()!.begin, end: change.minute });
    state = change.state;
  }
  return intervals;
}

/** CloudWatch takes the actions of an alarm that is still in ALARM when the window ends. */
function isMuted({ begin, end }: Interval, start: number, { startMinute, endMinute }: WeeklyWindow): boolean {
  const inWeek = (start + begin) % WEEK;
  return inWeek >= startMinute && inWeek < endMinute && end !== undefined && end - begin <= endMinute - inWeek;
}
