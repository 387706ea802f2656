import { type AlarmChanges, changesOf, type Firing, monthOf, type WeeklyWindow } from '../alarms/firings';
import { ModelledSeries, type Overlay } from '../alarms/series';
import type { Watched, WatchedAlarm } from '../alarms/watched';
import { evaluateMinutes } from '../../rehearsal/alarms/minutes/evaluate-minutes';
import { applicationValues, type ApplicationMetric, type ApplicationValues } from '../model/application';
import { DAY, HOUR, type Span, WARM_UP } from '../model/clock';
import { raise } from '../model/highest';
import type { Salon } from '../model/salons';
import type { IncidentResult } from '../report/report';
import type { Incident } from './incident';

/** Incidents begin on a Tuesday at noon, minutes after the warm-up. */
const BEGINS = DAY + 12 * HOUR;
/** Time that an incident is simulated: its longest and the time to clear. */
export const INCIDENT_DAYS = 5;

/** The normal days that incidents are tried in. */
export interface IncidentStage {
  readonly watched: Watched;
  readonly environment: string;
  readonly seed: number;
  /** With the warm-up. */
  readonly span: Span;
  readonly salons: readonly Salon[];
  /** Normal values of the application after the warm-up. */
  readonly application: ApplicationValues;
  /** What the alarms do without an incident. */
  readonly normal: AlarmChanges;
  readonly window: WeeklyWindow;
}

/** Lets an incident happen and says which alarms fired. */
export function tryIncident(incident: Incident, stage: IncidentStage): IncidentResult {
  const { watched, environment, seed, span, window } = stage;
  const begins = WARM_UP + BEGINS;
  const overlays = (incident.values ?? []).map(({ alert, minutes = incident.minutes, ...values }): Overlay => ({
    ...values,
    from: begins,
    until: begins + minutes,
    ...(alert !== undefined && { alarm: `${environment}-${alert}` }),
  }));
  const series = new ModelledSeries({ seed, span, application: disturbed(incident, stage), overlays });
  const isConcerned = ({ name, metrics }: WatchedAlarm) =>
    metrics.some(
      (metric) =>
        series.isChanged(metric, name) || (disturbsApplication(incident) && metric.metricName in stage.application),
    );
  const others = new Map(
    watched.alarms.flatMap((alarm) =>
      isConcerned(alarm) ? [] : [[alarm.name, stage.normal.get(alarm.name) ?? []] as const],
    ),
  );
  const changes = changesOf(watched, series, others);
  const { firings, pages } = monthOf(watched, changes, { start: span.start, window, from: begins });
  const short = (name: string) => name.replace(`${environment}-`, '');
  const fired = firings.map((firing) => ({ ...firing, alarm: short(firing.alarm) }));
  const detected = incident.fires.map((alarm) => {
    const first = fired.find((firing) => firing.alarm === alarm);
    return { alarm, minutes: first && first.from - begins };
  });
  const expected = (alarm: string) =>
    incident.fires.includes(alarm) || (incident.mayFire ?? []).some((each) => alarm.startsWith(each));
  const result = {
    name: incident.name,
    detected,
    minutesToDetect: least(detected.flatMap(({ minutes }) => minutes ?? [])),
    pages: pages.length,
    pageExpected: incident.pages,
    minutesToClear: minutesToClear(fired, begins + incident.minutes),
    others: [...new Set(fired.map(({ alarm }) => alarm).filter((alarm) => !expected(alarm)))],
  };
  return { ...result, failures: failuresOf(result, { alarms: watched.alarms, series, environment, begins }) };
}

function disturbsApplication({ effect, cost }: Incident): boolean {
  return effect !== undefined || cost !== undefined;
}

/** The application's values with the incident: only the salons that it concerns are drawn again. */
function disturbed({ effect, cost, minutes }: Incident, stage: IncidentStage): ApplicationValues {
  const { seed, span, salons, application } = stage;
  const after = { start: span.start + WARM_UP, minutes: span.minutes - WARM_UP };
  if (cost !== undefined) {
    const last = application.ai_cost_last_hour.map((value, i) =>
      i > BEGINS && i < BEGINS + minutes ? value * (1 + (cost - 1) * Math.min(1, (i - BEGINS) / HOUR)) : value,
    );
    return { ...application, ai_cost_last_hour: last };
  }
  if (!effect) return application;
  const from = after.start + BEGINS;
  const concerned = salons.filter(({ index }) => effect.salons?.includes(index) ?? true);
  const effects = [{ ...effect, from, until: from + minutes }];
  const values = applicationValues({ seed, span: after, salons: concerned, effects });
  const entries = (Object.keys(application) as ApplicationMetric[]).map((metric) => {
    const highest = application[metric].slice();
    // The cost is a sum, and only incidents of cost change it.
    if (!metric.startsWith('ai_cost'))
      values[metric].forEach((value, i) => !Number.isNaN(value) && raise(highest, i, value));
    return [metric, highest] as const;
  });
  return Object.fromEntries(entries) as unknown as ApplicationValues;
}

interface Judged {
  readonly alarms: readonly WatchedAlarm[];
  readonly series: ModelledSeries;
  readonly environment: string;
  readonly begins: number;
}

function failuresOf(
  { name, detected, pages, pageExpected, others }: Omit<IncidentResult, 'failures'>,
  { alarms, series, environment, begins }: Judged,
): string[] {
  const missed = detected.flatMap(({ alarm, minutes }) => {
    const deployed = alarms.find((each) => each.name === `${environment}-${alarm}`);
    if (!deployed) return [`${name}: there is no alarm ${alarm}`];
    if (minutes === undefined) return [`${name}: ${alarm} did not fire`];
    const latest = latestFiring(deployed, series, begins, minutes);
    return minutes > latest ? [`${name}: ${alarm} fired after ${minutes} min; allowed: ${latest} min`] : [];
  });
  const wanted = pageExpected ? 1 : 0;
  return [
    ...missed,
    ...(pages === wanted ? [] : [`${name}: ${pages} pages; expected: ${wanted}`]),
    ...others.map((alarm) => `${name}: ${alarm} fired too`),
  ];
}

/**
 * The minute after which an alarm is late: its window and two periods after its condition began to hold without a break.
 * @param fired minute at which it fired
 */
function latestFiring(alarm: WatchedAlarm, series: ModelledSeries, begins: number, fired: number): number {
  const period = alarm.periodSeconds / 60;
  const single = { ...alarm, evaluationPeriods: 1, datapointsToAlarm: 1 };
  const changes = evaluateMinutes(
    single,
    alarm.metrics.map((metric) => series.of(metric, alarm.name)),
    'OK',
  );
  const began = changes.filter(({ minute, state }) => state === 'ALARM' && minute <= begins + fired).at(-1);
  // An alarm whose window is longer than a day is evaluated once an hour.
  const evaluated = period * alarm.evaluationPeriods > DAY ? HOUR : 0;
  return (began?.minute ?? begins) - begins + period * (alarm.evaluationPeriods + 2) + evaluated;
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}

function minutesToClear(fired: readonly Pick<Firing, 'until'>[], ended: number): number | undefined {
  if (fired.length === 0) return undefined;
  const last = fired.map(({ until }) => until ?? Infinity).reduce((latest, until) => Math.max(latest, until), 0);
  return last === Infinity ? undefined : Math.max(0, last - ended);
}
