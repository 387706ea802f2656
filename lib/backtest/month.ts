import { changesOf, type Firing, monthOf, type WeeklyWindow } from './alarms/firings';
import { ModelledSeries } from './alarms/series';
import type { Watched } from './alarms/watched';
import { explanationOf } from './explanations';
import type { ApplicationValues } from './model/application';
import { HOUR, type Span, timeText, WARM_UP } from './model/clock';
import { planOf } from './model/plan';
import type { AlarmShare, Notification } from './report/report';

/** A month without incidents. */
export interface NormalMonth {
  readonly watched: Watched;
  readonly seed: number;
  /** With the warm-up. */
  readonly span: Span;
  readonly application: ApplicationValues;
  readonly window: WeeklyWindow;
  readonly environment: string;
}

/** Evaluates a normal month: every notification with its explanation, and the alarms that fired. */
export function evaluateNormalMonth({ watched, seed, span, application, window, environment }: NormalMonth): {
  readonly notifications: Notification[];
  readonly fired: AlarmShare[];
} {
  const series = new ModelledSeries({ seed, span, application, overlays: [] });
  const { firings, pages } = monthOf(watched, changesOf(watched, series), { start: span.start, window, from: WARM_UP });
  const plan = planOf(seed, span);
  const short = (name: string) => name.replace(`${environment}-`, '');
  const notification = (alarm: string, severity: Notification['severity'], minute: number, minutes?: number) => ({
    alarm: short(alarm),
    severity,
    minute: minute - WARM_UP,
    time: timeText(span.start + minute, span.start + WARM_UP),
    minutes,
    because: explanationOf(plan, minute),
  });
  const notified = firings.filter(({ muted }) => !muted);
  return {
    notifications: [
      ...notified.map(({ alarm, severity, from, until }) =>
        notification(alarm, severity, from, until === undefined ? undefined : until - from),
      ),
      ...pages.map(({ alarm, minute }) => notification(alarm, 'page', minute)),
      // An event rule has no state: it notifies of each event.
      ...plan.failovers.map(({ minute }) => notification('PostgreSQLFailover', 'warning', minute)),
    ].sort((one, other) => one.minute - other.minute),
    fired: sharesOf(firings, span).map((each) => ({ ...each, alarm: short(each.alarm) })),
  };
}

/** How long each alarm that fired was in ALARM after the warm-up. */
export function sharesOf(firings: readonly Pick<Firing, 'alarm' | 'from' | 'until'>[], span: Span): AlarmShare[] {
  const minutes = span.minutes - WARM_UP;
  const byAlarm = new Map<string, Pick<Firing, 'alarm' | 'from' | 'until'>[]>();
  for (const firing of firings) byAlarm.set(firing.alarm, [...(byAlarm.get(firing.alarm) ?? []), firing]);
  return [...byAlarm].map(([alarm, own]) => {
    const intervals = own.map(({ from, until = span.minutes }) => [from - WARM_UP, until - WARM_UP] as const);
    const hours = new Set<number>();
    for (const [from, until] of intervals) {
      for (let hour = Math.floor(from / HOUR); hour < until / HOUR; hour++) hours.add(hour);
    }
    const total = intervals.reduce((sum, [from, until]) => sum + until - from, 0);
    return { alarm, share: total / minutes, fired: own.length, hours: [...hours].sort((a, b) => a - b) };
  });
}
