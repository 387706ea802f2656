/** Days of the week as RDS and cron write them, in the order of WeeklyWindow's minutes. */
export const WEEK_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MINUTES_A_DAY = 24 * 60;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;
/** RDS refuses a maintenance window under 30 minutes (RDS User Guide, "Adjusting the preferred DB instance maintenance window"). */
const MINIMUM_MINUTES = 30;

/** A weekly window, in minutes since Monday 00:00 UTC. The end may be in the next week. */
export interface WeeklyWindow {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** Reads RDS's format `ddd:hh:mm-ddd:hh:mm` (UTC). Undefined for another format, and for less than 30 minutes or more than a day. */
export function parseWeeklyWindow(text: string): WeeklyWindow | undefined {
  const [start, end, rest] = text.split('-').map(parseMoment);
  if (start === undefined || end === undefined || rest !== undefined) return undefined;
  const endMinute = end > start ? end : end + MINUTES_A_WEEK;
  const minutes = endMinute - start;
  return minutes >= MINIMUM_MINUTES && minutes <= MINUTES_A_DAY ? { startMinute: start, endMinute } : undefined;
}

/** Whether the window touches the hours from `startHour` to `endHour` (0 to 24, UTC) of any day. */
export function touchesDaily(window: WeeklyWindow, startHour: number, endHour: number): boolean {
  for (let midnight = 0; midnight < 2 * MINUTES_A_WEEK; midnight += MINUTES_A_DAY) {
    if (window.startMinute < midnight + endHour * 60 && window.endMinute > midnight + startHour * 60) return true;
  }
  return false;
}

function parseMoment(text: string): number | undefined {
  const match = /^([a-z]{3}):([01]\d|2[0-3]):([0-5]\d)$/.exec(text.toLowerCase());
  const day = WEEK_DAYS.indexOf(match?.[1] ?? '');
  return match && day >= 0 ? day * MINUTES_A_DAY + Number(match[2]) * 60 + Number(match[3]) : undefined;
}
