/** Hour of the day, UTC, in which metrics that change by days are published. */
const DAILY_HOUR = 7;

/** Whether metrics that change by days are due. */
export function isDailyHour(now: Date): boolean {
  return now.getUTCHours() === DAILY_HOUR;
}
