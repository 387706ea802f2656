/**
 * Time in the model is minutes since a Monday, 00:00 UTC. All salons are in one time zone.
 *
 * A loop over every minute of every salon uses constants of its own file: an imported one is read through a function, which took half of the
 * time of a backtest.
 */

export const HOUR = 60;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/**
 * Time before the month in which the servers already run normally: without it alarms on missing values would fire at the start. The
 * application's alarms need none.
 */
export const WARM_UP = 7 * DAY;

/** A span of the model's time. */
export interface Span {
  /** First minute. */
  readonly start: number;
  readonly minutes: number;
}

/** Share of a day's events in each hour, before they are scaled: an assumption of salons that are open from 9 to 20. */
const HOURS = [1, 0.5, 0.5, 0.5, 0.5, 1, 2, 5, 10, 16, 20, 22, 22, 20, 20, 20, 21, 22, 20, 15, 10, 7, 4, 2];
/** Monday to Sunday: an assumption. */
const WEEKDAYS = [1, 1, 1, 1.05, 1.15, 1.1, 0.7];
const HOURS_SUM = HOURS.reduce((sum, share) => sum + share, 0);
const WEEKDAYS_SUM = WEEKDAYS.reduce((sum, share) => sum + share, 0);

/** The share of an average day's events that come in each hour of a week. */
const SHARES = Array.from({ length: 7 * 24 }, (_, hour) => {
  const weekday = WEEKDAYS[Math.floor(hour / 24)]! * (7 / WEEKDAYS_SUM);
  return (HOURS[hour % 24]! / HOURS_SUM) * weekday;
});
const BUSIEST = Math.max(...SHARES);

/** The share of an average day's events that come in the hour of a minute. */
export function shareOfDay(minute: number): number {
  return SHARES[Math.floor((minute % WEEK) / HOUR)]!;
}

/** How busy the service is, 1 in the busiest hour of an average week. */
export function busyness(minute: number): number {
  return shareOfDay(minute) / BUSIEST;
}

/** A time as `day 12, Sat 02:05`; days count from 1. */
export function timeText(minute: number, start: number): string {
  const since = minute - start;
  const two = (value: number) => String(value).padStart(2, '0');
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const inDay = minute % DAY;
  return `day ${Math.floor(since / DAY) + 1}, ${names[Math.floor((minute % WEEK) / DAY)]} ${two(Math.floor(inDay / HOUR))}:${two(inDay % HOUR)}`;
}
